/** What hadolint takes for the name of a secret: cruder than what dflint does, and kept for its preset. */

const PARTS = /api_key|client_key|password|private|secret|token|username/i;
/** Variables of well-known services that hold none of these parts. */
const NAMES: ReadonlySet<string> = new Set(
  (
    "aws_access_key aws_access_key_id aws_session access_key access_key_id account_key api_auth apikey auth_key" +
    " azure_client_id bintray_key bintray_apikey cloudinary_url coveralls_key database_url db_pass db_passwd db_user" +
    " docker_email docker_hub_email docker_login docker_user encryption_key ftp_login ftp_user github_oauth gpg_key" +
    " heroku_api_user mysql_user passwd pgpass postgres_user sentry_dsn slack_hook slack_url slack_webhook ssh_key" +
    " travis_os_name"
  ).split(" "),
);

/** Whether hadolint takes a variable for a secret. */
export function isHadolintSecretName(name: string): boolean {
  return PARTS.test(name) || NAMES.has(name.toLowerCase());
}

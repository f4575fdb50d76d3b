/** What to do about a TLS failure. @param code of Node's or OpenSSL's error. */
export function tlsHint(code: string): string {
  return hints.find(([pattern]) => pattern.test(code))?.[1] ?? other;
}

/** Whether an error is about TLS. */
export function isTlsCode(code: string): boolean {
  return /^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|EPROTO$|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH$|INVALID_CA$)/.test(
    code,
  );
}

const other = "Does the engine use TLS there, and do the certificates belong to it?";

// Engines of several versions send different alerts for the same; a few say "bad certificate" where there was none.
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE)$/,
    "The engine asks for a client certificate that it trusts and that is valid: give `tls.cert` and `tls.key`, or DOCKER_CERT_PATH with " +
      "cert.pem and key.pem.",
  ],
  [
    /ALERT_(UNKNOWN_CA|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)$/,
    "The engine does not trust the client certificate: is it issued by the engine's authority, for the use by clients?",
  ],
  [
    /ALERT_CERTIFICATE_(EXPIRED|REVOKED)$/,
    "The client certificate is no longer valid: have a new one issued.",
  ],
  [
    /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA$)/,
    "The engine's certificate is of an authority that is not trusted here: is `tls.ca`, or ca.pem, that of this engine?",
  ],
  [/^CERT_HAS_EXPIRED$/, "The engine's certificate has expired: have a new one issued."],
  [/^CERT_NOT_YET_VALID$/, "The engine's certificate is not valid yet: is the clock right?"],
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    "The engine's certificate is for another name than the one in the host.",
  ],
  [
    // OpenSSL 3.5, which Node 24 has, takes an answer without TLS for a packet of absurd length.
    /WRONG_VERSION_NUMBER$|PACKET_LENGTH_TOO_LONG$|^EPROTO$/,
    "The engine does not use TLS there: leave it away, or use the other port.",
  ],
];

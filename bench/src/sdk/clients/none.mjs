/** Nothing at all: what a process costs that does no job. */
export const jobs = { ping: async () => "OK" };

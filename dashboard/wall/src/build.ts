/** The build that this bundle is of: the server's beats name theirs. */
export const build: string = import.meta.env.VITE_BUILD;

import postgres from 'postgres';

export type Sql = postgres.Sql;
type Options = NonNullable<Parameters<typeof postgres>[1]>;

/** A client whose sessions speak UTC and whose notices go nowhere. `name` is what pg_stat_activity shows. */
export function connect(url: string, name: string, options: Options = {}): Sql {
  return postgres(url, {
    max: 1,
    onnotice: () => undefined,
    connect_timeout: 10,
    ...options,
    connection: { application_name: name, TimeZone: 'UTC', ...options.connection },
  });
}

-- A plain check-in rewrites one row of `instances` and must find room for the new version on the same page (a heap-only update).
ALTER TABLE "instances" SET (
  fillfactor = 60,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_scale_factor = 0.1,
  autovacuum_analyze_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.2
);

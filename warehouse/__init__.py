"""What is served: Parquet snapshots, the DuckDB catalogue, views."""

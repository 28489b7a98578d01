-- What the schema of a store on a server has besides the tables of schema.sql, in PostgreSQL's words: what SQLite has itself,
-- and what a store in a file has in the folder next to it.

-- Originals over 16 MiB, 1 MiB a piece; not compressed, which costs more than it saves
CREATE TABLE IF NOT EXISTS original_piece (sha256 bytea, position bigint, bytes bytea, PRIMARY KEY (sha256, position));
ALTER TABLE original_piece ALTER bytes SET STORAGE EXTERNAL;

-- Seconds since 1970-01-01T00:00Z as a date and a time of day
CREATE OR REPLACE FUNCTION iso_date(seconds bigint) RETURNS text LANGUAGE sql STABLE AS
	$$ SELECT to_char(to_timestamp(seconds) AT TIME ZONE 'UTC', 'YYYY-MM-DD') $$;
CREATE OR REPLACE FUNCTION iso_time(seconds bigint) RETURNS text LANGUAGE sql STABLE AS
	$$ SELECT to_char(to_timestamp(seconds) AT TIME ZONE 'UTC', 'HH24:MI:SS') $$;
-- A number as people write it: 1000000000000000 and not 1e+15
CREATE OR REPLACE FUNCTION number_text(number double precision) RETURNS text LANGUAGE sql IMMUTABLE AS
	$$ SELECT CASE WHEN abs(number) < 1e18 AND number = trunc(number) THEN CAST(CAST(number AS bigint) AS text)
		ELSE CAST(number AS text) END $$;

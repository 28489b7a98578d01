-- Roles for a store on a PostgreSQL server (docs/scaling.md).  The owner of the store runs this with psql, after the first
-- import; again is harmless:
--
--   psql -d surveys -v schema=canvass_ships -f roles.sql
--
-- and then makes people members: GRANT canvass_clerk TO maria;
--
--   canvass_clerk     imports, settles findings, sends reminders; cannot change an event
--   canvass_analyst   reads the views, without answers that the form marks as private (column audience), texts of findings
--                     and who did what; no table.  All respondents, also those who do not permit their answers to be shown
--   canvass_auditor   reads everything, changes nothing

\set ON_ERROR_STOP on
BEGIN;
SELECT 'CREATE ROLE ' || role FROM unnest(ARRAY['canvass_clerk', 'canvass_analyst', 'canvass_auditor']) role
	WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
SET LOCAL search_path = :"schema";
GRANT USAGE ON SCHEMA :"schema" TO canvass_clerk, canvass_analyst, canvass_auditor;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA :"schema" TO canvass_clerk;
GRANT USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA :"schema" TO canvass_clerk;
REVOKE UPDATE, DELETE ON event FROM canvass_clerk;
REVOKE INSERT, UPDATE, DELETE ON canvass FROM canvass_clerk;
GRANT SELECT ON ALL TABLES IN SCHEMA :"schema" TO canvass_auditor;
-- Of tables that a new version of the form brings
ALTER DEFAULT PRIVILEGES IN SCHEMA :"schema" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO canvass_clerk;
ALTER DEFAULT PRIVILEGES IN SCHEMA :"schema" GRANT USAGE, UPDATE ON SEQUENCES TO canvass_clerk;
ALTER DEFAULT PRIVILEGES IN SCHEMA :"schema" GRANT SELECT ON TABLES TO canvass_auditor;

GRANT SELECT ON columns, answers_all, answers_long, changes, verdict TO canvass_analyst;
SELECT DISTINCT format('GRANT SELECT ON %I TO canvass_analyst', view) FROM view_column \gexec
GRANT SELECT (respondent, round, revision, path, code, state) ON findings TO canvass_analyst;
GRANT SELECT (round, number, kind, respondent, revision, happened) ON history TO canvass_analyst;
GRANT SELECT (round, item, line, code) ON quarantined TO canvass_analyst;
GRANT SELECT (round, respondent, name, revision, blank, quarantined, due) ON replies TO canvass_analyst;
COMMIT;

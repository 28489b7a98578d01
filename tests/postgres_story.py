"""A store on a PostgreSQL server: the same commands as with a store in a file say the same, store the same rows and write the
same workbook.

The server is the test's own: its data and its socket are in a folder of the test, it has no address, and where the
test runs as root the server runs as another user.  Without PostgreSQL's server the tests are skipped.
"""
import glob
import json
import os
import pwd
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import unittest

from story import CANVASS, FORM, HANG, NOW, Story, published, run

BIN = (sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [os.path.dirname(shutil.which("initdb") or "")])[-1]
SHIPS = """survey
,type,name,label,constraint
,text,respondent,Who,
,integer,count,How many,. < 100
,decimal,share,Share,
,select_one yn,yes,Yes or no,
,select_multiple port,ports,Which ports,
,date,day,Since,
,text,words,In words,
,begin repeat,ship,Ship,
,text,name,Name,
,integer,crew,Crew,. >= 0
,end repeat,,,
choices
,list_name,name,label
,yn,y,Yes
,yn,n,No
,port,a,Alpha
,port,b,Beta
,port,c,Gamma
settings
,form_title,form_id
,Ships and crews,ships
"""
ROLES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "docs", "roles.sql")
SCALING = os.path.join(os.path.dirname(ROLES), "scaling.md")
ROSTER = "code,name,group:Region\nAA,Alpha,North\nBB,Bêta,North\nCC,Gamma,South\nDD,Delta,South\n"


def answers(code, count="3", words="plain", ships=(("Ada", "4"), ("Bo", "-1"))):
    rows = [("respondent", code), ("count", count), ("share", "0.50"), ("yes", "Yes"), ("ports", "a c"), ("day", "2026-03-01"),
            ("words", words)]
    for number, (name, crew) in enumerate(ships, 1):
        rows += [("ship[%d]/name" % number, name), ("ship[%d]/crew" % number, crew)]
    return "question,no,label,answer,note\n" + "".join('%s,,,"%s",%s\n' % (q, a, "see below" if q == "count" else "")
                                                       for q, a in rows)


class Server:
    """A server of the tests' own, and the user that runs it."""
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="canvass-pg-")
        self.user = "nobody" if os.geteuid() == 0 else None
        if self.user:
            os.chmod(self.folder, 0o755)
            os.chown(self.folder, pwd.getpwnam(self.user).pw_uid, -1)
        self.call("initdb", "-D", self.path("data"), "-U", "canvass", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()
        self.databases = 0

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def call(self, program, *args):
        def become():
            if self.user:
                entry = pwd.getpwnam(self.user)
                os.setgid(entry.pw_gid)
                os.setuid(entry.pw_uid)
        subprocess.run([os.path.join(BIN, program), *args], check=True, preexec_fn=become, cwd=self.folder, timeout=HANG,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self):
        self.call("pg_ctl", "-D", self.path("data"), "-w", "-l", self.path("log"), "-o",
                  "-c listen_addresses='' -k %s -c shared_buffers=32MB" % self.folder, "start")

    def stop(self, how="fast"):
        self.call("pg_ctl", "-D", self.path("data"), "-w", "-m", how, "stop")

    def psql(self, *args, database="postgres", user="canvass"):
        return subprocess.run([os.path.join(BIN, "psql"), "-X", "-A", "-t", "-q", "-h", self.folder, "-U", user, "-d", database,
                               "-v", "ON_ERROR_STOP=1", *args], timeout=HANG, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def sql(self, text, database="postgres"):
        done = self.psql("-c", text, database=database)
        if done.returncode:
            raise AssertionError(text + "\n" + done.stderr.decode("utf-8"))
        return done.stdout.decode("utf-8").splitlines()

    def database(self):
        """The address of a new, empty database."""
        self.databases += 1
        name = "t%d" % self.databases
        self.sql("CREATE DATABASE " + name)
        return "postgresql://canvass@/%s?host=%s" % (name, self.folder)


def name_of(address):
    return re.search(r"/(t\d+)\?", address)[1]


def plain(value):
    """A value as both databases give it."""
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return int(value) if isinstance(value, float) and value == int(value) else value


def dump_file(path):
    """The rows of every table of a store in a file."""
    store = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    store.row_factory = sqlite3.Row
    try:
        names = [row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(json.dumps({key: plain(row[key]) for key in row.keys()}, sort_keys=True)
                             for row in store.execute('SELECT * FROM "%s"' % name)) for name in names}
    finally:
        store.close()


def dump_server(server, address, schema):
    names = server.sql("SELECT tablename FROM pg_tables WHERE schemaname = '%s' AND tablename NOT IN ('canvass', 'original_piece')"
                       % schema, name_of(address))
    return {name: sorted(json.dumps({key: plain(value) for key, value in json.loads(line).items()}, sort_keys=True)
                         for line in server.sql('SELECT row_to_json(t) FROM "%s"."%s" t' % (schema, name), name_of(address)))
            for name in names}


@unittest.skipUnless(os.path.exists(os.path.join(BIN, "initdb")), "PostgreSQL's server is not installed")
class OnServer(Story):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop("immediate")
        shutil.rmtree(cls.server.folder)
        super().tearDownClass()

    def setUp(self):
        super().setUp()
        self.stores = {"file": self.path("file.db"), "server": self.server.database()}

    def both(self, *args, code=(0, 1)):
        """Runs a command on both stores: it says the same of both.  Gives what it says."""
        acts = args[0] in ("import", "withdraw") or {"--waive", "--dismiss", "--sent", "--extended"} & set(args)
        said = {}
        for kind, store in self.stores.items():
            got = run(*[arg.replace("OUT", self.path(kind)) for arg in args], "--store", store, *(["--by", "Ada"] if acts else []))
            shown = store.split("?")[0]
            text = (got[1] + "\n" + got[2]).replace("'%s'" % store, "STORE").replace(store, "STORE").replace(shown, "STORE")
            said[kind] = (got[0], text.replace(self.path(kind), "OUT"))
        if said["file"] != said["server"]:
            pairs = list(zip(said["file"][1].split("\n"), said["server"][1].split("\n")))
            self.fail("%s: %s" % (args, [said["file"][0], said["server"][0]] + [pair for pair in pairs if pair[0] != pair[1]][:3]))
        self.assertIn(said["server"][0], code, said["server"][1][:2000])
        return said["server"][1]

    def assert_same_rows(self, schema):
        ours, theirs = dump_file(self.stores["file"]), dump_server(self.server, self.stores["server"], schema)
        self.assertEqual(sorted(ours), sorted(theirs))
        for name in ours:
            self.assertEqual(ours[name], theirs[name], name)
        return ours

    def assert_same_files(self, ending):
        with open(self.path("file" + ending), "rb") as ours, open(self.path("server" + ending), "rb") as theirs:
            self.assertEqual(ours.read(), theirs.read())


class Same(OnServer):
    """Of both stores."""
    def test_the_main_job(self):
        self.both("import", FORM, *published(), "--round", "2026", "--now", NOW)
        for command in ["status"], ["findings"], ["history"], ["quarantine"], ["report", "-o", "OUT.xlsx"]:
            self.both(command[0], FORM, *command[1:], "--now", NOW)
        rows = self.assert_same_rows("canvass_seafarers_id")
        self.assertEqual(len(rows["response"]), 21)
        self.assert_same_files(".xlsx")
        with open(SCALING, encoding="utf-8") as file:
            named = set(re.findall("`([a-z_]+)`", file.read()))
        self.assertEqual({name for name in rows if not name.startswith("answers_")} - named, set())

    def test_a_round_with_all_that_may_happen(self):
        form = self.write("form.csv", SHIPS)
        self.write("roster.csv", ROSTER)
        day = "2026-12-%02dT00:00:00Z"

        def give(code, number, **more):
            path = self.write("%s%d.csv" % (code, number), answers(code, **more))
            return self.both("import", form, path, "--round", "r1", "--now", day % number)

        self.both("status", form, "--sent", "all", "--due", "2026-12-24", "--round", "r1", "--now", day % 1)
        give("AA", 2)
        give("BB", 3, count="400", words="007 ")
        self.assertIn("BB-", self.both("findings", form, "--round", "r1", "--now", day % 4))
        give("BB", 5, count="9", words="ünïcode “quoted”")
        give("AA", 6, ships=())
        give("AA", 6, ships=())
        self.both("import", form, self.write("bad.csv", answers("ZZ")), "--round", "r1", "--now", day % 7)
        self.both("import", form, self.write("CC8.csv", answers("CC", count="500")), "-n", "--round", "r1", "--now", day % 8)
        give("CC", 8, count="500")
        found = re.search(r"CC-\S+", self.both("findings", form, "--round", "r1", "--now", day % 9))[0]
        self.both("findings", form, "--waive", found, "--reason", "confirmed", "--round", "r1", "--now", day % 9)
        self.both("withdraw", form, "AA", "--reason", "sent by mistake", "--round", "r1", "--now", day % 10)
        self.both("withdraw", form, "BB", "--revision", "1", "--reason", "the first one", "--round", "r1", "--now", day % 11)
        self.both("quarantine", form, "--dismiss", "1", "--reason", "unknown", "--round", "r1", "--now", day % 12)
        self.both("status", form, "--extended", "DD", "--due", "2027-01-15", "--reason", "asked", "--round", "r1", "--now", day % 13)
        for command in (["status"], ["status", "--json"], ["findings", "--all", "--json"], ["history"], ["history", "BB"],
                        ["quarantine", "--all"], ["report", "-o", "OUT.xlsx"], ["report", "-o", "OUT.md"],
                        ["report", "--as-of", day % 5, "-o", "OUT-then.xlsx"], ["export", "-o", "OUT.jsonl"],
                        ["report", "--since", day % 4, "-o", "OUT-since.xlsx"]):
            self.both(command[0], form, *command[1:], "--round", "r1", "--now", day % 14)
        for ending in ".xlsx", ".md", "-then.xlsx", "-since.xlsx", ".jsonl":
            self.assert_same_files(ending)
        rows = self.assert_same_rows("canvass_ships")
        self.assertEqual({name: len(rows[name]) for name in ("response", "quarantine", "notice")},
                         {"response": 5, "quarantine": 1, "notice": 5})

    def test_a_large_return(self):
        form = self.write("form.csv", SHIPS)
        many = "respondent,count,share,yes,ports,day,words\n" + "".join(
            "R%05d,%d,%g,%s,a b,2026-01-%02d,word %d\n" % (i % 9000, i % 120, i / 8, "yn"[i % 2], i % 28 + 1, i)
            for i in range(10000))
        path = self.write("many.csv", many)
        self.both("import", form, path, "--round", "r1", "--now", NOW)
        self.both("report", form, "-o", "OUT.xlsx", "--round", "r1", "--now", NOW)
        self.assert_same_files(".xlsx")
        self.assertEqual(len(self.assert_same_rows("canvass_ships")["response"]), 10000)


# What layout 10 has and layout 9 had not.
OLDER = """SET search_path = canvass_ships; DROP TABLE rollup_whole, rollup_group, rollup_roster; ALTER TABLE query DROP COLUMN nth, ADD
 CONSTRAINT query_respondent_round_path_code_key UNIQUE (respondent, round, path, code); INSERT INTO rollup VALUES (1, 1, 0, -1, 'rows', 0, 99);
 UPDATE canvass SET layout = 9"""


class Older(OnServer):
    """Of a store that an earlier canvass made."""
    def catalog(self):
        """What the schema has: columns, indexes, views, and who may do what."""
        return self.server.sql("SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns WHERE"
                               " table_schema = 'canvass_ships' ORDER BY 1, 2; SELECT indexdef FROM pg_indexes WHERE schemaname ="
                               " 'canvass_ships' ORDER BY 1; SELECT relname, unnest(relacl)::text FROM pg_class WHERE relnamespace ="
                               " 'canvass_ships'::regnamespace ORDER BY 1, 2", name_of(self.stores["server"]))

    def give(self, form, *files):
        return self.both("import", form, *files, "--round", "r1", "--now", NOW)

    def prepare(self):
        """A round on a server of layout 9, and in a file of the present one; and what the server had before."""
        form = self.write("form.csv", SHIPS)
        self.write("roster.csv", ROSTER)
        self.give(form, self.write("AA1.csv", answers("AA", count="400")), self.write("BB1.csv", answers("BB")))
        done = self.server.psql("-v", "schema=canvass_ships", "-f", ROLES, database=name_of(self.stores["server"]))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        before = self.catalog()
        self.server.sql(OLDER, name_of(self.stores["server"]))
        return form, before

    def test_it_is_read_as_it_is(self):
        form, _ = self.prepare()
        before = self.catalog()
        for command in (["status"], ["findings", "--all"], ["history"], ["report", "-o", "OUT.xlsx"], ["report", "--as-of", NOW, "-o", "OUT-then.xlsx"],
                        ["import", "-n", self.write("CC1.csv", answers("CC", count="much"))]):
            if command[0] == "import":
                self.assertIn("CC, new: 11 answers", run("import", form, *command[1:], "--round", "r1", "--store", self.stores["server"], "--now", NOW)[1])
            else:
                self.both(command[0], form, *command[1:], "--round", "r1", "--now", NOW)
        for ending in ".xlsx", "-then.xlsx":
            self.assert_same_files(ending)
        self.assertEqual(self.catalog(), before)

    def test_it_is_upgraded_when_it_is_written_to(self):
        form, before = self.prepare()
        files = [self.write("AA2.csv", answers("AA", count="500")), self.write("CC2.csv", answers("CC", count="600"))]
        code, _, err = run("import", form, *files, "--round", "r1", "--store", self.stores["server"], "--now", NOW, "--by", "Ada")
        self.assertIn(code, (0, 1), err)
        self.assertIn("upgraded from layout 9 to 10", err)
        run("import", form, *files, "--round", "r1", "--store", self.stores["file"], "--now", NOW, "--by", "Ada")
        self.assertEqual(self.catalog(), before)
        self.assertEqual(self.assert_same_rows("canvass_ships")["rollup"], [])
        for command in ["status"], ["findings", "--all"], ["history"]:
            self.both(command[0], form, *command[1:], "--round", "r1", "--now", NOW)

    def test_views_that_it_lacks_are_made(self):
        form, _ = self.prepare()
        self.server.sql("SET search_path = canvass_ships; DROP VIEW columns, cell, verdict, findings, history, quarantined, replies, answers,"
                        " answers_repeat_1 CASCADE; DELETE FROM view_column; DROP FUNCTION iso_date, iso_time, number_text CASCADE; DROP TABLE"
                        " original_piece", name_of(self.stores["server"]))
        code, _, err = run("import", form, self.write("CC2.csv", answers("CC")), "--round", "r1", "--store", self.stores["server"], "--now", NOW)
        self.assertIn(code, (0, 1), err)
        self.assertEqual(self.server.sql("SELECT respondent, count, day FROM canvass_ships.answers ORDER BY 1", name_of(self.stores["server"])),
                         ["AA|400|2026-03-01", "BB|3|2026-03-01", "CC|3|2026-03-01"])
        self.assertEqual(self.server.sql("SELECT count(*) FROM canvass_ships.replies", name_of(self.stores["server"])), ["4"])

    def test_only_its_owner_upgrades_it(self):
        form, _ = self.prepare()
        before = self.catalog()
        if not self.server.sql("SELECT 1 FROM pg_roles WHERE rolname = 'an_older_clerk'"):
            self.server.sql("CREATE ROLE an_older_clerk LOGIN IN ROLE canvass_clerk")
        store = self.stores["server"].replace("canvass@", "an_older_clerk@")
        code, out, err = run("import", form, self.write("CC2.csv", answers("CC")), "--round", "r1", "--store", store, "--now", NOW)
        self.assertEqual(code, 3, out + err)
        self.assertIn("error[E0706]: cannot be upgraded: must be owner of table query", out + err)
        self.assertEqual(self.catalog(), before)

    def test_a_schema_of_another_program_is_none(self):
        form = self.write("form.csv", SHIPS)
        self.server.sql("CREATE SCHEMA canvass_ships; CREATE TABLE canvass_ships.store (form_id text)", name_of(self.stores["server"]))
        code, out, err = run("status", form, "--store", self.stores["server"])
        self.assertEqual(code, 3, out + err)
        self.assertIn("error[E0702]: not a canvass store", err)


class Together(OnServer):
    """Of a store that many use at once, or that is lost in between."""
    def start(self, *args):
        return subprocess.Popen([CANVASS, *args, "--store", self.stores["server"], "--now", NOW], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def test_eight_clerks_at_once(self):
        form = self.write("form.csv", SHIPS)
        name = name_of(self.stores["server"])
        self.server.sql("ALTER DATABASE %s SET default_transaction_isolation = 'serializable'" % name)
        clerks = []
        for clerk in range(8):
            # The first of each are the clerk's own, the last are given by every clerk.
            names = ["C%d-%02d" % (clerk, i) for i in range(10)] + ["ALL%d" % i for i in range(3)]
            files = [self.write("%d-%s.csv" % (clerk, name), answers(name, count=str(clerk))) for name in names]
            clerks.append(self.start("import", form, *files, "--round", "r1"))
        for clerk in clerks:
            said, _ = clerk.communicate(timeout=HANG)
            self.assertIn(clerk.returncode, (0, 1), said.decode())
        rows = dump_server(self.server, self.stores["server"], "canvass_ships")
        responses = [json.loads(row) for row in rows["response"]]
        self.assertEqual(len(responses), 8 * 10 + 8 * 3)
        self.assertEqual(len({row["id"] for row in responses}), len(responses))
        for name in "ALL0", "ALL1", "ALL2":
            mine = sorted((row for row in responses if row["respondent"] == name), key=lambda row: row["id"])
            self.assertEqual([row["revision"] for row in mine], list(range(1, 9)))
            self.assertEqual([row["later"] for row in mine], [row["id"] for row in mine[1:]] + [None])
        queries = [json.loads(row) for row in rows["query"]]
        self.assertEqual(len({(row["respondent"], row["number"]) for row in queries}), len(queries))
        events = sorted(json.loads(row)["number"] for row in rows["event"])
        self.assertEqual(events, list(range(1, len(events) + 1)))

    def test_a_transaction_that_the_server_ends_for_another_is_done_again(self):
        form = self.write("form.csv", SHIPS)
        self.write("roster.csv", ROSTER)
        give = ["import", form, "--round", "r1", "--now", NOW]
        self.both(*give, self.write("AA1.csv", answers("AA")))
        # The first of every three writes of a file fails at once, and of a response when it is committed.
        self.server.sql("SET search_path = canvass_ships; CREATE SEQUENCE fault; CREATE FUNCTION fault() RETURNS trigger LANGUAGE"
                        " plpgsql AS $$ BEGIN IF nextval('canvass_ships.fault') % 3 = 1 THEN RAISE EXCEPTION 'not serializable' USING"
                        " ERRCODE = TG_ARGV[0]; END IF; RETURN NEW; END $$; CREATE TRIGGER fault BEFORE INSERT ON file FOR EACH ROW"
                        " EXECUTE FUNCTION fault('40P01'); CREATE CONSTRAINT TRIGGER later AFTER INSERT ON response DEFERRABLE"
                        " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fault('40001')", name_of(self.stores["server"]))
        more = [self.write("BB2.csv", answers("BB", count="400", words="007 ")), self.write("AA2.csv", answers("AA", count="much")),
                self.write("ZZ2.csv", answers("ZZ")), self.write("CC2.csv", answers("CC", ships=()))]
        said = self.both(*give, *more)
        self.assertNotIn("another process", said)
        rows = self.assert_same_rows("canvass_ships")
        self.assertEqual((len(rows["response"]), len(rows["quarantine"])), (4, 1))
        tried = self.server.sql("SELECT last_value FROM canvass_ships.fault", name_of(self.stores["server"]))
        self.assertGreater(int(tried[0]), 2 * len(more))
        for command in ["status"], ["findings"], ["history"]:
            self.both(command[0], form, "--round", "r1", "--now", NOW)
        # What fails each time is reported, once.
        self.server.sql("CREATE OR REPLACE FUNCTION canvass_ships.fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
                        " 'not serializable' USING ERRCODE = TG_ARGV[0]; END $$", name_of(self.stores["server"]))
        code, out, err = run(*give, self.write("DD3.csv", answers("DD")), "--store", self.stores["server"])
        self.assertEqual(code, 3, out + err)
        self.assertEqual((out + err).count("another process changed the store at the same time"), 1, out + err)

    def test_what_was_interrupted_is_done_when_it_is_run_again(self):
        form = self.write("form.csv", SHIPS)
        files = [self.write("%d.csv" % i, answers("R%02d" % i)) for i in range(40)]
        for how in "kill", "connection", "server":
            clerk = self.start("import", form, *files, "--round", "r1")
            while not self.server.sql("SELECT 1 FROM pg_stat_activity WHERE application_name = 'canvass'") and clerk.poll() is None:
                pass
            if how == "kill":
                clerk.send_signal(signal.SIGKILL)
            elif how == "connection":
                self.server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'canvass'")
            else:
                self.server.stop("immediate")
                self.server.start()
            said, _ = clerk.communicate(timeout=HANG)
            if clerk.returncode > 1:
                self.assertIn("error[E07", said.decode())
        for _ in range(2):
            code, _, err = run("import", form, *files, "--round", "r1", "--store", self.stores["server"], "--now", NOW)
            self.assertIn(code, (0, 1), err)
        rows = dump_server(self.server, self.stores["server"], "canvass_ships")
        self.assertEqual(len(rows["response"]), len(files))
        self.assertEqual(sorted(json.loads(row)["id"] for row in rows["response"]), list(range(1, len(files) + 1)))


CONTACTS = SHIPS.replace(",constraint\n", ",constraint,audience\n", 1).replace(
    ",text,words,In words,\n", ",text,words,In words,,\n,text,email,E-mail,,contact\n,text,note,Note,,secretariat\n")


class Roles(OnServer):
    """Of people who may do some things: docs/roles.sql."""
    def setUp(self):
        super().setUp()
        self.database = name_of(self.stores["server"])
        self.form = self.write("form.csv", CONTACTS)
        self.write("roster.csv", "code,name,email\nAA,Alpha,alpha@example.org\nBB,Beta,beta@example.org\n")
        code, out, err = self.take(self.form, "canvass", self.returned("AA", "ann@example.org"))
        self.assertIn(code, (0, 1), out + err)
        for _ in range(2):
            done = self.server.psql("-v", "schema=canvass_ships", "-f", ROLES, database=self.database)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
        for role in "clerk", "analyst", "auditor":
            if not self.server.sql("SELECT 1 FROM pg_roles WHERE rolname = 'an_%s'" % role):
                self.server.sql("CREATE ROLE an_%s LOGIN IN ROLE canvass_%s" % (role, role))

    def returned(self, who, email):
        more = 'email,,,"%s",\nnote,,,"%s",\n' % (email, "secret " + email)
        return self.write("%s-%s.csv" % (who, email[0]), answers(who) + more)

    def take(self, form, user, *files):
        return run("import", form, *files, "--round", "r1", "--store", self.as_user(user), "--now", NOW)

    def as_user(self, user):
        return self.stores["server"].replace("canvass@", user + "@")

    def ask(self, user, text):
        """The rows, or why there are none."""
        done = self.server.psql("-c", "SET search_path = canvass_ships; " + text, database=self.database, user=user)
        return done.stdout.decode().splitlines() if not done.returncode else done.stderr.decode().split("\n")[0]

    def assert_denied(self, user, *texts):
        for text in texts:
            self.assertRegex(str(self.ask(user, text)), "^ERROR: +permission denied", text)

    def test_a_clerk_imports(self):
        code, _, err = self.take(self.form, "an_clerk", self.returned("BB", "bob@example.org"), self.returned("AA", "zoe@example.org"))
        self.assertIn(code, (0, 1), err)
        self.assertEqual(self.ask("an_clerk", "SELECT respondent, email FROM answers ORDER BY 1"), ["AA|zoe@example.org", "BB|bob@example.org"])
        code, _, err = run("withdraw", self.form, "AA", "--reason", "wrong", "--by", "Ann", "--round", "r1", "--store", self.as_user("an_clerk"), "--now", NOW)
        self.assertEqual(code, 0, err)
        self.assert_denied("an_clerk", "DELETE FROM event", "UPDATE event SET who = 'x'", "UPDATE canvass SET layout = 1")
        newer = self.write("newer.csv", CONTACTS.replace("In words", "With words"))
        code, out, err = self.take(newer, "an_clerk", self.returned("AA", "new@example.org"))
        self.assertEqual(code, 3, out + err)
        self.assertIn("error[E0706]", out + err)

    def test_an_auditor_reads_everything_and_changes_nothing(self):
        store = self.as_user("an_auditor")
        for args in ["status"], ["findings"], ["history"], ["report", "-o", self.path("x.xlsx")], ["report", "--as-of", NOW, "-o", self.path("y.xlsx")]:
            code, _, err = run(args[0], self.form, *args[1:], "--round", "r1", "--store", store, "--now", NOW)
            self.assertIn(code, (0, 1), err)
        self.assertEqual(self.ask("an_auditor", "SELECT email, note FROM answers"), ["ann@example.org|secret ann@example.org"])
        self.assertEqual(self.ask("an_auditor", "SELECT count(*) FROM roster"), ["1"])
        code, out, err = self.take(self.form, "an_auditor", self.returned("BB", "bob@example.org"))
        self.assertEqual(code, 3, out + err)
        self.assertIn("error[E0706]", out + err)
        tables = self.server.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'canvass_ships'", self.database)
        self.assertGreater(len(tables), 20)
        self.assert_denied("an_auditor", *["DELETE FROM %s" % table for table in tables])

    def assert_analyst_sees(self, views):
        for view in views:
            found = self.ask("an_analyst", "SELECT * FROM " + view)
            self.assertIsInstance(found, list, found)
            self.assertTrue(found, view)
            self.assertNotIn("example.org", "\n".join(found), view)

    def test_an_analyst_reads_answers_without_contacts(self):
        self.assert_analyst_sees(["answers", "answers_all", "answers_long", "answers_repeat_1", "columns", "verdict"])
        self.assertEqual(self.ask("an_analyst", "SELECT respondent, count, yes, email, note FROM answers"), ["AA|3|Yes||"])
        self.assertEqual(self.ask("an_analyst", "SELECT path, value, written, verdict FROM answers_long WHERE path IN ('email', 'words', 'share') ORDER BY 1"),
                         ["email|||accepted", "share|0.5|0.50|accepted", "words|plain||accepted"])
        self.assertEqual(self.ask("an_analyst", "SELECT respondent, revision FROM replies"), ["AA|1", "BB|"])
        tables = self.server.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'canvass_ships'", self.database)
        self.assert_denied("an_analyst", *["SELECT * FROM %s" % name for name in tables + ["cell", "cell_1"]])
        self.assert_denied("an_analyst", "SELECT value FROM findings", "SELECT who FROM history", "DELETE FROM columns",
                           "UPDATE columns SET label = 'x'")
        # A table of the analyst's own changes nothing.
        self.server.sql("CREATE SCHEMA own AUTHORIZATION an_analyst", self.database)
        self.assertEqual(self.ask("an_analyst", "CREATE TABLE own.response (id int); SET search_path = own; SELECT email FROM canvass_ships.answers"), [""])

    def test_a_new_version_is_for_the_same_people(self):
        newer = self.write("newer.csv", CONTACTS.replace(",text,words,In words,,\n", ",text,words,In words,,contact\n,text,fresh,Fresh,,\n"))
        code, _, err = self.take(newer, "canvass", self.returned("BB", "bob@example.org"))
        self.assertIn(code, (0, 1), err)
        self.assert_analyst_sees(["answers", "answers_all", "answers_long", "answers_repeat_1", "columns"])
        self.assertEqual(self.ask("an_analyst", "SELECT respondent, words, email FROM answers ORDER BY 1"), ["AA||", "BB||"])
        self.assertEqual(self.ask("an_auditor", "SELECT respondent, words FROM answers ORDER BY 1"), ["AA|plain", "BB|plain"])
        code, _, err = self.take(newer, "an_clerk", self.returned("AA", "zoe@example.org"))
        self.assertIn(code, (0, 1), err)


class Address(OnServer):
    """What is said of the address of a store."""
    def test_no_server(self):
        code, _, err = run("status", FORM, "--store", "postgresql:///x?host=" + self.path("none"))
        self.assertEqual(code, 3, err)
        self.assertIn("error[E0710]: cannot connect", err)

    def test_no_store_yet(self):
        code, _, err = run("status", FORM, "--store", self.stores["server"])
        self.assertEqual(code, 3, err)
        self.assertIn("nothing has been imported yet: no store postgresql://canvass@/", err)

    def test_a_password_is_never_said(self):
        where = "/%s?host=%s" % (name_of(self.stores["server"]), self.server.folder)
        for address in ("postgresql://canvass:s3cret@" + where, "postgresql://canvass@" + where + "&password=s3cret",
                        "postgresql://canvass:s3c/s3cret@" + where, "postgres://canvass:s3cret@s3cret@" + where,
                        "service=none password=s3cret", "postgresql://canvass:s3cret?s3cret@" + where):
            for command in ["import", FORM, published()[0]], ["status", FORM], ["findings", FORM], ["report", FORM, "-o", self.path("x.xlsx")]:
                _, out, err = run(*command, "--store", address, "--now", NOW, *(["--force"] if command[0] == "report" else []))
                self.assertNotIn("s3c", out + err, address)


if __name__ == "__main__":
    unittest.main()

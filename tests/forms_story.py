"""The shipped forms: each is clean under `check --strict` and takes in returns as a person would write them.

Every return here is invented for the test, in the long layout; nothing in it was said by any economy.
"""
import csv
import io
import json
import os
import unittest

from story import NOW, ROOT, Story, import_json, run

FORMS = os.path.join(ROOT, "forms")
NAMES = ["seafarers-id", "points-of-contact", "training-catalogue", "drills-exercises", "isps-needs", "model-visit",
         "supply-chain", "port-security-plan", "moc-coordination", "action-items"]

OFFICER = {
    "economy": "AUS", "return_basis": "official_return", "as_at": "2026-10-31", "resp_org": "Invented Agency (IA)",
    "resp_name": "INVENTED Person", "resp_email": "invented@agency.gov.xx", "resp_phone": "+61 2 5550 0100",
    "release": "attributed",
}

# One invented return for each form, which its rules accept without a word.
RETURNS = {
    "points-of-contact": {
        "poc[1]/poc_role": "main", "poc[1]/poc_name": "Duty officer", "poc[1]/poc_org": "Invented Agency",
        "poc[1]/poc_email": "duty@agency.gov.xx", "poc[1]/poc_phone": "+61 2 5550 0101", "poc[1]/poc_24h": "yes",
        "poc[1]/poc_langs": "en vi", "poc[1]/poc_topics": "isps_pf drills", "poc[1]/poc_valid": "2027-10-31",
        "poc[2]/poc_role": "alternate", "poc[2]/poc_name": "Port desk", "poc[2]/poc_org": "Invented Agency",
        "poc[2]/poc_email": "ports@agency.gov.xx", "poc[2]/poc_phone": "+61 2 5550 0102",
        "poc[2]/poc_topics": "audit", "expert[1]/expert_unit": "Invented assessment team",
        "expert[1]/expert_topics": "risk audit", "expert[1]/expert_years": "12", "expert[1]/expert_langs": "en",
        "expert[1]/expert_days": "10", "expert[1]/expert_cost": "shared", "expert[1]/expert_consent": "unit",
    },
    "training-catalogue": {
        "item[1]/title": "Invented course", "item[1]/provider": "Invented Academy", "item[1]/ptype": "academy",
        "item[1]/topics": "isps_pf drills", "item[1]/fmt": "course", "item[1]/audience": "pfso",
        "item[1]/model_course": "3.21", "item[1]/start": "2026-03-02", "item[1]/finish": "2026-03-06",
        "item[1]/days": "4.5", "item[1]/places": "24", "item[1]/langs": "en id", "item[1]/cost_usd": "0",
        "item[1]/funder": "own", "item[1]/beneficiaries": "INA PH", "item[1]/open_to_all": "yes",
        "item[1]/evald": "test", "item[1]/weblink": "https://agency.gov.xx/course",
        "item[1]/contact": "training@agency.gov.xx", "item[2]/title": "Invented online course",
        "item[2]/provider": "Invented Academy", "item[2]/topics": "cyber", "item[2]/fmt": "online",
        "item[2]/finish": "2027-06-30", "item[2]/open_to_all": "no", "item[2]/contact": "training@agency.gov.xx",
    },
    "drills-exercises": {
        "guide_exists": "yes", "guide_title": "Invented guidance, 2020", "guide_link": "restricted", "drill_months": "3",
        "exercise_months": "18", "pf_total": "60", "pf_drills_ok": "55", "pf_exercise_ok": "60",
        "extype": "tabletop fullscale", "scenario": "bomb cyber", "partners": "police fire", "crossborder": "no",
        "evmethod": "observer", "aar_days": "30", "apec_manual": "partly", "lessons": "Keep scripts short.",
        "share": "yes",
    },
    "isps-needs": {
        "iciap_role": "both", "designated_authority": "Invented Authority", "law": "Invented Act 2003",
        "pf_total": "40", "pf_pfsa": "40", "pf_pfsp": "39", "pf_pfso": "0", "gisis_date": "2026-01-15",
        "level_comms": "yes", "self_assess": "no", "audit": "annual", "needs": "audit drills", "need_first": "drills",
        "phase1_done": "yes", "phase1_gaps": "Audits were left out.", "visit_format": "onsite", "lead_pref": "CDA JPN",
        "visit_from": "2027-03", "participants": "25", "cost_usd": "80000", "own_usd": "80000",
        "facility[1]/pf_name": "Invented terminal", "facility[1]/pf_number": "AUMEL-0001",
        "facility[1]/pf_gap": "Drills are rare.", "offer_usd": "5000", "offer_terms": "Travel of experts only.",
        "offer_for": "VN PNG",
    },
    "model-visit": {
        "vrole": "visitor", "host": "PH", "visit_start": "2026-05-04", "visit_end": "2026-05-08", "team_size": "4",
        "pf_seen": "3", "vscope": "law onsite", "l_prepare": "4", "l_scope": "5", "l_expert": "5", "l_conf": "5",
        "l_burden": "3", "l_value": "na", "voluntary": "yes", "single_standard": "yes", "max_days": "5",
        "interval_years": "3", "report_to": "visitors", "would_host": "yes", "would_send": "yes",
        "proposal": "Send the checklist two months ahead.",
    },
    "supply-chain": {
        "attended": "yes", "delegates": "6", "useful": "4", "followup": "A working party meets twice a year.",
        "leadgrp": "joint", "leadgrp_why": "Both have a part of it.", "home_body": "none", "business_group": "yes",
        "aeo": "operating", "mra": "NZ CDA", "adv_hours": "24", "iso17712": "yes", "scan_pct": "4",
        "weak": "stuffing inland", "recovery": "planned", "priority": "One list of contacts.",
        "practice": "Seals are read at the gate.",
    },
    "port-security-plan": {
        "plan": "asean_japan other", "iap_sent": "yes", "iap_date": "2025", "iap_contact": "plan@agency.gov.xx",
        "comm_ex": "yes", "pdca": "partly", "check_scheme": "authority", "act[1]/acat": "training",
        "act[1]/act_text": "Train twenty officers.", "act[1]/act_owner": "Invented Agency", "act[1]/act_due": "2027-03",
        "act[1]/act_status": "on_track", "act[1]/act_pct": "40", "act[1]/act_help": "experts funds",
        "act[1]/act_usd": "12000", "act[2]/acat": "equipment", "act[2]/act_text": "Mend the fence.",
        "act[2]/act_due": "2026-06", "act[2]/act_status": "done", "act[2]/act_pct": "100", "act[2]/act_help": "none",
        "first_need": "audit", "first_need_why": "Audits are overdue.",
    },
    "moc-coordination": {
        "memo[1]/moc": "apec_imo", "memo[1]/draft_no": "2006/TPT-WG-28/MEG-SEC/042", "memo[1]/position": "with_changes",
        "memo[1]/reservation": "Clause 3 is too wide.", "memo[1]/nonbinding": "yes", "memo[1]/signer": "chair",
        "memo[1]/term_years": "3", "memo[1]/coop": "experts calendar", "memo[1]/freq": "yearly",
        "memo[1]/overlap": "None known.", "memo[1]/cleared": "2027-02", "memo[2]/moc": "apec_oas",
        "memo[2]/draft_no": "2006/TPT-WG-28/MEG-SEC/043", "memo[2]/position": "no_view", "memo[2]/nonbinding": "dk",
        "memo[2]/coop": "needs", "clause[1]/clause_no": "3.2", "clause[1]/ctype": "amend",
        "clause[1]/newtext": "The Parties may exchange experts.", "clause[1]/why": "It was shall.",
        "clause[1]/clause_moc": "apec_imo", "clause[2]/clause_no": "5", "clause[2]/ctype": "delete",
        "clause[2]/why": "Said in 4.", "clause[2]/clause_moc": "apec_oas",
    },
    "action-items": {
        "meeting": "TPTWG 28", "ai[1]/ai_no": "AI-05", "ai[1]/ai_goal": "1A 1B 1C 1D", "ai[1]/ai_priority": "1.1",
        "ai[1]/ai_title": "List points of contact", "ai[1]/ai_owner": "AUS", "ai[1]/ai_due": "2006-09",
        "ai[1]/ai_status": "done", "ai[1]/ai_pct": "100", "ai[1]/ai_done": "2006-08",
        "ai[1]/ai_doc": "2006/TPT-WG-28/MEG-SEC/042", "ai[1]/ai_next": "Ask again in a year.",
        "ai[1]/ai_report": "group wg", "ai[1]/ai_statement": "The list of contacts is complete.",
        "ai[1]/ai_decision": "no", "ai[2]/ai_no": "AI-08", "ai[2]/ai_goal": "4", "ai[2]/ai_priority": "1.2",
        "ai[2]/ai_title": "Draft input to statements", "ai[2]/ai_owner": "SEC CHAIR", "ai[2]/ai_due": "ongoing",
        "ai[2]/ai_status": "late", "ai[2]/ai_newdue": "2027-03", "ai[2]/ai_decision": "yes",
    },
}

# What an answerer gets wrong, one change at a time: form, answers changed, the question refused and the code.
REFUSED = [
    ("points-of-contact", {"poc[1]/poc_valid": "2026-10-30"}, "poc[1]/poc_valid", "E0505"),
    ("points-of-contact", {"expert[1]/expert_consent": "no"}, "expert[1]/expert_consent", "E0505"),
    ("training-catalogue", {"item[1]/finish": "2026-03-01"}, "item[1]/finish", "E0505"),
    ("drills-exercises", {"pf_drills_ok": "61"}, "pf_drills_ok", "E0505"),
    ("isps-needs", {"own_usd": "80001"}, "own_usd", "E0505"),
    ("isps-needs", {"need_first": "cyber"}, "need_first", "E0505"),
    ("isps-needs", {"lead_pref": "any CDA"}, "lead_pref", "E0505"),
    ("model-visit", {"host": "AUS"}, "host", "E0505"),
    ("model-visit", {"vrole": "host"}, "host", "E0505"),
    ("model-visit", {"vrole": "none"}, "host", "W0507"),
    ("supply-chain", {"mra": "NZ AUS"}, "mra", "E0505"),
    ("supply-chain", {"weak": "stuffing inland sea data"}, "weak", "E0505"),
    ("port-security-plan", {"act[2]/act_pct": "90"}, "act[2]/act_pct", "E0505"),
    ("port-security-plan", {"act[1]/act_help": "none funds"}, "act[1]/act_help", "E0505"),
    ("moc-coordination", {"clause[1]/newtext": ""}, "clause[1]/newtext", "E0501"),
    ("moc-coordination", {"memo[1]/position": "approve"}, "memo[1]/reservation", "W0507"),
    ("action-items", {"ai[1]/ai_goal": "1A, 1B"}, "ai[1]/ai_goal", "E0505"),
    ("action-items", {"ai[2]/ai_owner": "ALL AUS"}, "ai[2]/ai_owner", "E0505"),
    ("action-items", {"ai[2]/ai_newdue": ""}, "ai[2]/ai_newdue", "E0501"),
]

# Blanks that a rule must not punish: the other operand of a comparison is not answered.
ALLOWED = [
    ("training-catalogue", {"item[1]/start": ""}),
    ("isps-needs", {"cost_usd": ""}),
]


def sheet(name, wanted):
    """The rows of one sheet of a form, as dictionaries."""
    with open(os.path.join(FORMS, name + ".csv"), encoding="utf-8", newline="") as file:
        records = list(csv.reader(file))
    start = next(i for i, record in enumerate(records) if record[0] == wanted)
    rows = []
    for record in records[start + 2:]:
        if record[0]:
            break
        rows.append(dict(zip(records[start + 1], record)))
    return rows


def long_file(answers):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["question", "no", "label", "answer", "note"])
    for path, answer in answers.items():
        writer.writerow([path, "", "", answer, "invented for a test"])
    return text.getvalue()


class Forms(Story):
    def rehearse(self, name, answers):
        path = self.write("return.csv", long_file(answers))
        return import_json("-n", os.path.join(FORMS, name + ".csv"), path, "--now", NOW, "--store", self.path("s.db"))

    def findings(self, name, answers):
        code, result, err = self.rehearse(name, answers)
        self.assertEqual(result["files"]["accepted"], 1, err)
        return code, [(f["code"], f["field"]) for f in result["returns"][0]["findings"]]

    def test_every_form_is_clean_under_check_strict(self):
        for name in NAMES:
            with self.subTest(form=name):
                code, out, err = run("check", "--strict", os.path.join(FORMS, name + ".csv"), "--json")
                self.assertEqual(code, 0, err)
                self.assertEqual(json.loads(out)["diagnostics"], [])

    def test_every_form_names_its_respondent_release_and_round(self):
        for name in NAMES:
            with self.subTest(form=name):
                settings = sheet(name, "settings")[0]
                self.assertEqual([settings[key] for key in ("respondent", "respondent_word", "release", "round")],
                                 ["economy", "economy", "release", "2026"])
                self.assertEqual(settings["form_id"], name.replace("-", "_"))
                self.assertRegex(settings["version"], "^2026[0-9]{6}$")

    def test_what_names_a_person_is_kept_from_the_workbook(self):
        for name in NAMES:
            with self.subTest(form=name):
                contact = {row["name"] for row in sheet(name, "survey") if row["audience"] == "contact"}
                self.assertLessEqual({"resp_org", "resp_name", "resp_email", "resp_phone"}, contact)

    def test_every_question_has_a_number_of_its_own(self):
        for name in NAMES:
            with self.subTest(form=name):
                numbers = [row["qno"] for row in sheet(name, "survey")
                           if row["name"] and row["type"] != "note" and not row["type"].startswith("begin_")]
                self.assertNotIn("", numbers)
                self.assertEqual(len(numbers), len(set(numbers)))

    def test_a_full_return_is_accepted_without_a_word(self):
        for name, answers in RETURNS.items():
            with self.subTest(form=name):
                self.assertEqual(self.findings(name, {**OFFICER, **answers}), (0, []))

    def test_a_full_return_answers_every_question(self):
        for name, answers in RETURNS.items():
            with self.subTest(form=name):
                asked = {row["name"] for row in sheet(name, "survey") if row["qno"] and row["type"][:6] != "begin_"}
                self.assertEqual(asked, {path.split("/")[-1] for path in {**OFFICER, **answers}})

    def test_a_nil_return_owes_nothing(self):
        for name in RETURNS:
            with self.subTest(form=name):
                nil = {**OFFICER, "return_basis": "nil_return", "resp_phone": ""}
                self.assertEqual(self.findings(name, nil), (0, []))

    def test_a_compiled_return_owes_only_what_it_can_know(self):
        known = {"economy": "VN", "return_basis": "compiled_published", "as_at": "2026-10-31", "release": "attributed"}
        for name in RETURNS:
            with self.subTest(form=name):
                self.assertEqual(self.findings(name, known), (0, []))

    def test_an_official_return_owes_its_main_answers(self):
        for name in RETURNS:
            with self.subTest(form=name):
                first = next(path for path in RETURNS[name] if path != "meeting")
                code, found = self.findings(name, {**OFFICER, first: RETURNS[name][first]})
                self.assertEqual(code, 1)
                self.assertEqual({finding[0] for finding in found}, {"E0501"})

    def test_a_wrong_answer_is_refused_where_it_stands(self):
        for name, changes, field, finding in REFUSED:
            with self.subTest(form=name, changes=changes):
                _, found = self.findings(name, {**OFFICER, **RETURNS[name], **changes})
                self.assertIn((finding, field), found)

    def test_a_blank_does_not_turn_another_answer_wrong(self):
        for name, changes in ALLOWED:
            with self.subTest(form=name, changes=changes):
                self.assertEqual(self.findings(name, {**OFFICER, **RETURNS[name], **changes}), (0, []))

    def test_the_prefilled_action_items_are_taken_in_as_they_are(self):
        with open(os.path.join(FORMS, "action-items-prefill.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        answers = {row["question"]: row["answer"] for row in rows}
        self.assertEqual([answers["ai[%d]/ai_no" % i] for i in range(1, 17)], ["AI-%02d" % i for i in range(1, 17)])
        answers.update(OFFICER, meeting="TPTWG 28")
        for i in range(1, 17):
            answers.update({"ai[%d]/ai_status" % i: "not_started", "ai[%d]/ai_decision" % i: "no"})
        self.assertEqual(self.findings("action-items", answers), (0, []))


if __name__ == "__main__":
    unittest.main()

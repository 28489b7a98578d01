"""The shipped forms: each is clean under `check --strict` and takes in returns as a person would write them.

Every return here is invented for the test, in the long layout; nothing in it was said by any economy.
"""
import csv
import datetime
import glob
import io
import json
import os
import re
import shutil
import unittest

import openpyxl

from story import NOW, ROOT, Story, import_json, run

FORMS = os.path.join(ROOT, "forms")
NAMES = ["seafarers-id", "points-of-contact", "training-catalogue", "drills-exercises", "isps-needs", "model-visit",
         "supply-chain", "port-security-plan", "moc-coordination", "action-items", "program-management", "links-duplication"]
# These ask for consent to circulate, because the list or the report is their purpose, and not for a release.
CIRCULATED = ["points-of-contact", "training-catalogue", "action-items"]

OFFICER = {
    "economy": "AUS", "return_basis": "official_return", "as_at": "2026-10-31", "resp_org": "Invented Agency (IA)",
    "resp_name": "INVENTED Person", "resp_email": "invented@agency.gov.xx", "resp_phone": "+61 2 5550 0100",
}
PRACTICE = {
    "practice[1]/prac_goal": "1d", "practice[1]/prac_title": "Invented practice", "practice[1]/prac_text": "Keep it short.",
    "practice[1]/prac_more": "yes",
}

# One invented return for each form, which its rules accept without a word.
RETURNS = {
    "seafarers-id": {
        "consulted": "labour port", "annex": "yes", "c108_status": "denounced", "c185_status": "in_force",
        "c185_date": "2014-05-20", "annex2016": "in_force", "sid2016_stage": "issuing", "obstacles": "cost_readers other",
        "obstacles_detail": "Readers are invented too.", "legislation": "Invented Act 2013, s. 4", "issues_doc": "yes",
        "issuing_authority": "Invented Agency (IA)", "eligibility": "entitled cadets", "seafarers_pop": "12000",
        "doc[1]/doc_name": "Invented document", "doc[1]/doc_class": "c185_2016", "doc[1]/doc_medium": "card",
        "doc[1]/doc_statement": "yes", "doc[1]/doc_number_example": "AB12345", "doc[1]/doc_mrz": "td1",
        "doc[1]/doc_biometric": "chip_face", "doc[1]/doc_security": "uv signed_chip", "doc[1]/doc_validity": "10",
        "doc[1]/doc_renewal": "after_5", "doc[1]/doc_fee": "45.5", "doc[1]/doc_currency": "AUD", "doc[1]/doc_days": "10",
        "doc[1]/doc_issued": "900", "doc[1]/doc_travel": "not_travel", "doc[2]/doc_name": "Invented record book",
        "doc[2]/doc_class": "record_book", "doc[2]/doc_biometric": "none", "doc[2]/doc_fee": "0",
        "centre[1]/centre_name": "Invented office, Melbourne", "centre[1]/centre_locode": "AUMEL",
        "centre[1]/centre_role": "application enrolment", "improve": "More readers at ports.",
        "checks": "in_person identity_docs", "refusal_appeal": "yes", "lost_channel": "online hotline", "lost_hours": "4",
        "interpol_sltd": "no", "db_status": "operational", "focal_point": "permanent", "focal_email": "sid@agency.gov.xx",
        "focal_phone": "+61 2 5550 0103", "db_access": "focal_inquiry", "seafarer_access": "partly",
        "privacy_law": "Invented Act 1999", "qc_procedures": "yes", "eval_status": "done", "eval_date": "2024-02",
        "ilo_list": "listed", "specimen_year": "2019", "recognised_docs": "c185_sid passport", "visa_shore": "no_visa_sid",
        "visa_transit": "pass_on_arrival", "visa_note": "Since 2015.", "notice_hours": "48", "ports_total": "60",
        "readers_ports": "12", "pki": "own_csca", "needs": "readers", "offers": "training_issuers",
        "assistance_received": "None.", "next_step": "Readers at ten ports.", "next_step_date": "2027-06",
        "comments": "G7: ports of the east only.", "declaration": "OK", **PRACTICE,
    },
    "points-of-contact": {
        "poc[1]/poc_role": "main", "poc[1]/poc_field": "port sid", "poc[1]/poc_hours": "08:00 to 17:00, UTC+10",
        "poc[1]/poc_unit": "Invented Branch, 1 Invented Street", "poc[1]/poc_consent": "unit", "poc[2]/poc_consent": "yes",
        "poc_pair": "yes", "poc[1]/poc_name": "Duty officer", "poc[1]/poc_org": "Invented Agency",
        "poc[1]/poc_email": "duty@agency.gov.xx", "poc[1]/poc_phone": "+61 2 5550 0101", "poc[1]/poc_24h": "yes",
        "poc[1]/poc_langs": "en vi", "poc[1]/poc_topics": "isps_pf drills", "poc[1]/poc_valid": "2027-10-31",
        "poc[2]/poc_role": "alternate", "poc[2]/poc_name": "Port desk", "poc[2]/poc_org": "Invented Agency",
        "poc[2]/poc_email": "ports@agency.gov.xx", "poc[2]/poc_phone": "+61 2 5550 0102",
        "poc[2]/poc_topics": "audit", "expert[1]/expert_unit": "Invented assessment team",
        "expert[1]/expert_topics": "risk audit", "expert[1]/expert_years": "12", "expert[1]/expert_langs": "en",
        "expert[1]/expert_days": "10", "expert[1]/expert_cost": "shared", "expert[1]/expert_consent": "unit",
    },
    "training-catalogue": {
        "item[1]/ref": "A-1", "item[1]/istatus": "ended", "item[1]/series": "one", "item[2]/istatus": "running",
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
        "evmethod": "observer", "aar_required": "yes", "aar_days": "0", "apec_manual": "partly",
        "lessons": "Keep scripts short.", "share": "yes", **PRACTICE,
    },
    "isps-needs": {
        "iciap_role": "both", "designated_authority": "Invented Authority", "law": "Invented Act 2003",
        "pf_total": "40", "pf_pfsa": "40", "pf_pfsp": "39", "pf_pfso": "0", "gisis_date": "2026-01-15",
        "level_test": "2026-05-04", "level_confirmed": "38", "isps_lessons": "Drills are regular now.", "self_assess": "no", "audit": "annual", "needs": "audit drills", "need_first": "drills",
        "phase1_done": "yes", "phase1_gaps": "Audits were left out.", "visit_format": "onsite", "lead_pref": "CDA JPN",
        "visit_from": "2027-03", "participants": "25", "cost_usd": "80000", "own_usd": "80000",
        "facility[1]/pf_name": "Invented terminal", "facility[1]/pf_number": "AUMEL-0001",
        "facility[1]/pf_topic": "drills", "offer_experts": "2", "offer_days": "10",
        "grant[1]/grant_funder": "Invented Fund", "grant[1]/grant_period": "2006", "grant[1]/grant_usd": "127280.44",
        "grant[1]/grant_paid": "0", "grant[1]/grant_for": "PNG VN", "grant[2]/grant_funder": "Invented Fund",
        "grant[2]/grant_usd": "85556.53", "grant[3]/grant_funder": "Invented Fund", "grant[3]/grant_usd": "76804.92",
        "offer_usd": "289641.89",
    },
    "model-visit": {
        "visit[1]/vrole": "visitor", "visit[1]/host": "PH", "visit[1]/visit_start": "2026-05-04",
        "visit[1]/visit_end": "2026-05-08", "visit[1]/team_size": "4", "visit[1]/pf_seen": "3",
        "visit[1]/vscope": "law onsite", "visit[1]/l_prepare": "4", "visit[1]/l_scope": "2", "visit[1]/l_expert": "5",
        "visit[1]/l_local": "3", "visit[1]/l_conf": "5", "visit[1]/l_burden": "2", "visit[1]/l_value": "na",
        "visit[2]/vrole": "host", "visit[2]/host": "AUS", "visit[2]/visit_start": "2025-05-04",
        "visit[2]/visit_end": "2025-05-04", "voluntary": "yes", "reciprocal": "dk", "single_standard": "yes",
        "max_days": "5", "interval_years": "3", "report_to": "members", "would_host": "yes", "would_send": "yes",
        "proposal": "Send the checklist two months ahead.", "standard": "own imo", "join_group": "no",
    },
    "supply-chain": {
        "latest_event": "Invented symposium, 2025", "star": "dk", "followup": "A working party meets twice a year.",
        "leadgrp": "joint", "leadgrp_why": "Both have a part of it.", "home_body": "none", "business_group": "yes",
        "aeo": "operating", "mra": "CDA NZ", "adv_hours": "24", "iso17712": "yes", "scan_pct": "4",
        "weak": "stuffing inland", "recovery": "planned", "priority": "One list of contacts.",
        "modes": "sea rail", "sstd": "iso28000 safe", **PRACTICE,
    },
    "port-security-plan": {
        "plan": "asean_japan central_south_america other", "plan_other": "Invented plan", "csa_stage": "drafting",
        "csa_missing": "An annex.", "csa_expected": "2027", "act[1]/act_ref": "A-1", "iap_sent": "yes", "iap_date": "2025", "iap_contact": "plan@agency.gov.xx",
        "comm_ex": "yes", "pdca": "partly", "check_scheme": "authority", "act[1]/acat": "drills",
        "act[1]/act_text": "Train twenty officers.", "act[1]/act_owner": "Invented Agency", "act[1]/act_due": "2027-03",
        "act[1]/act_status": "on_track", "act[1]/act_pct": "40", "act[1]/act_help": "experts funds",
        "act[1]/act_usd": "12000", "act[2]/acat": "isps_pf", "act[2]/act_text": "Mend the fence.",
        "act[2]/act_due": "2026-06", "act[2]/act_status": "done", "act[2]/act_pct": "100", "act[2]/act_help": "none",
        "first_need": "audit", "first_need_why": "Audits are overdue.",
    },
    "moc-coordination": {
        "memo[1]/moc": "apec_imo", "memo[1]/draft_no": "2006/TPT-WG-28/MEG-SEC/042", "memo[1]/position": "with_changes",
        "memo[1]/reservation": "Clause 3 is too wide.", "memo[1]/nonbinding": "not_binding", "memo[1]/signer": "chair",
        "memo[1]/term_years": "3", "memo[1]/coop": "experts calendar", "memo[1]/freq": "yearly",
        "memo[1]/overlap": "None known.", "memo[1]/cleared": "2027-02", "memo[2]/moc": "apec_oas",
        "memo[2]/draft_no": "2006/TPT-WG-28/MEG-SEC/043", "memo[2]/position": "undecided", "memo[2]/nonbinding": "no_view",
        "memo[2]/coop": "needs", "clause[1]/clause_no": "3.2", "clause[1]/ctype": "amend",
        "clause[1]/newtext": "The Parties may exchange experts.", "clause[1]/why": "It was shall.",
        "clause[1]/clause_moc": "apec_imo", "clause[2]/clause_no": "5", "clause[2]/ctype": "delete",
        "clause[2]/why": "Said in 4.", "clause[2]/clause_moc": "apec_oas",
    },
    "action-items": {
        "meeting": "TPTWG 28", "ai[1]/ai_no": "AI-05", "ai[1]/ai_goal": "1A 1B 1C 1D", "ai[1]/ai_priority": "1.1",
        "ai[1]/ai_title": "List points of contact", "ai[1]/ai_owner": "AUS", "ai[1]/ai_due": "2006-09", "ai[1]/ai_confirmed": "yes", "ai[1]/ai_text_due": "2006-08", "ai[1]/ai_review": "approved",
        "ai[2]/ai_confirmed": "tbc",
        "ai[1]/ai_status": "done", "ai[1]/ai_pct": "100", "ai[1]/ai_done": "2006-08",
        "ai[1]/ai_doc": "2006/TPT-WG-28/MEG-SEC/042", "ai[1]/ai_next": "Ask again in a year.",
        "ai[1]/ai_report": "group wg", "ai[1]/ai_statement": "The list of contacts is complete.",
        "ai[1]/ai_decision": "no", "ai[2]/ai_no": "AI-08", "ai[2]/ai_goal": "4", "ai[2]/ai_priority": "1.2",
        "ai[2]/ai_title": "Draft input to statements", "ai[2]/ai_owner": "SEC CHAIR", "ai[2]/ai_due": "ongoing",
        "ai[2]/ai_status": "late", "ai[2]/ai_newdue": "2027-03", "ai[2]/ai_decision": "yes",
    },
    "program-management": {
        "pm_intake": "member secretariat", "pm_criteria": "need reach cost", "pm_approval": "group", "pm_role": "expert",
        "pm_reports": "2", "pm_procedure": "no", "pm_change": "One form for all.", "project[1]/pj_title": "Invented project",
        "project[1]/pj_topic": "drills", "project[1]/pj_goal": "Ten ports hold drills.", "project[1]/pj_sponsors": "JPN",
        "project[1]/pj_benefit": "PNG VN", "project[1]/pj_start": "2027-03", "project[1]/pj_months": "12",
        "project[1]/pj_usd": "90000", "project[1]/pj_own": "90000", "project[1]/pj_overlap": "None known.",
    },
    "links-duplication": {
        "link[1]/body": "imo", "link[1]/ln_activity": "Invented course, 2026", "link[1]/ln_topic": "audit",
        "link[1]/ln_overlap": "part", "link[1]/ln_what": "Both train auditors.", "link[1]/ln_remedy": "divide",
        "link[2]/body": "oas", "link[2]/ln_activity": "Invented visit", "link[2]/ln_topic": "law", "link[2]/ln_overlap": "no",
        "ctap": "yes", "ctap_ref": "2026/SOM1/001, 3", "ctap_taken": "None.", "ctap_next": "Review of plans, 2027.",
        "ctap_needs": "cyber", "ctap_offers": "drills", "link_advice": "One page a year.",
    },
}

# Questions that nobody is asked who is asked the others.
NOT_TOGETHER = {"supply-chain": {"attended", "delegates", "useful"}, "seafarers-id": {"c185_intention"}}

# What an answerer gets wrong, one change at a time: form, answers changed, the question refused and the code.
REFUSED = [
    ("points-of-contact", {"poc[1]/poc_valid": "2026-10-30"}, "poc[1]/poc_valid", "E0505"),
    ("points-of-contact", {"expert[1]/expert_consent": "no"}, "expert[1]/expert_consent", "E0505"),
    ("training-catalogue", {"item[1]/finish": "2026-03-01"}, "item[1]/finish", "E0505"),
    ("drills-exercises", {"pf_drills_ok": "61"}, "pf_drills_ok", "E0505"),
    ("isps-needs", {"own_usd": "80001"}, "own_usd", "E0505"),
    ("isps-needs", {"need_first": "cyber"}, "need_first", "E0505"),
    ("isps-needs", {"lead_pref": "AUS CDA"}, "lead_pref", "E0505"),
    ("isps-needs", {"iciap_role": "observer"}, "needs", "W0507"),
    ("isps-needs", {"grant[1]/grant_paid": "127280.45"}, "grant[1]/grant_paid", "E0505"),
    ("isps-needs", {"offer_usd": "287641.89"}, "offer_usd", "W0653"),
    ("model-visit", {"visit[1]/host": "AUS"}, "visit[1]/host", "E0505"),
    ("model-visit", {"visit[2]/host": "PH"}, "visit[2]/host", "E0505"),
    ("model-visit", {"visit[1]/visit_end": "2099-01-01"}, "visit[1]/visit_end", "E0505"),
    ("points-of-contact", {"poc[2]/poc_role": "duty"}, "poc_pair", "W0653"),
    ("points-of-contact", {"poc[1]/poc_email": "a@b"}, "poc[1]/poc_email", "W0653"),
    ("points-of-contact", {"poc[1]/poc_langs": "English"}, "poc[1]/poc_langs", "W0653"),
    ("moc-coordination", {"memo[2]/moc": "apec_imo"}, "memo[1]/moc", "W0653"),
    ("moc-coordination", {"memo[1]/draft_no": "06/TPT/042"}, "memo[1]/draft_no", "W0653"),
    ("supply-chain", {"attended": "yes"}, "attended", "W0507"),
    ("supply-chain", {"weak": "none data"}, "weak", "E0505"),
    ("port-security-plan", {"plan": "none"}, "act[1]/act_text", "W0507"),
    ("port-security-plan", {"plan": "none"}, "pdca", "W0507"),
    ("drills-exercises", {"drill_months": "6"}, "drill_months", "W0653"),
    ("program-management", {"project[1]/pj_own": "90001"}, "project[1]/pj_own", "E0505"),
    ("program-management", {"project[1]/pj_sponsors": "AUS"}, "project[1]/pj_sponsors", "E0505"),
    ("links-duplication", {"link[2]/ln_what": "All."}, "link[2]/ln_what", "W0507"),
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
    ("drills-exercises", {"drill_months": "0", "exercise_months": "0"}),
    # Real answers that a narrower pattern would refuse.
    ("points-of-contact", {"poc[1]/poc_phone": "+61 (0)2 6274 7111", "poc[2]/poc_phone": "+61 2 6274 7111 ext. 12"}),
    ("points-of-contact", {"poc[1]/poc_langs": "en, tpi, fil"}),
    ("moc-coordination", {"memo[1]/draft_no": "2007/SOM3/026anxE", "memo[2]/draft_no": "2003/SOMI/009 Rev. 2"}),
    ("moc-coordination", {"memo[1]/draft_no": "2010/AMM/014app07"}),
    ("supply-chain", {"as_at": "2006-11-30", "attended": "yes", "delegates": "6", "useful": "4", "latest_event": ""}),
]

# Warnings that invented answers get: a sum of other answers, and a third memorandum of two.
UNAVOIDABLE = {"offer_usd", "moc"}

# A return that contradicts itself, of a document that could not exist in 2006: question and code of each finding.
NONSENSE = {
    "as_at": "2006-11-30", "consulted": "none", "annex": "yes", "c108_status": "in_force", "c185_status": "in_force",
    "c185_date": "1999", "annex2016": "in_force", "issues_doc": "yes", "issuing_authority": "Invented Authority",
    "doc[1]/doc_name": "Invented document", "doc[1]/doc_class": "c185_2016", "doc[1]/doc_biometric": "template_2d_barcode",
    "doc[1]/doc_travel": "travel_document", "doc[1]/doc_validity": "0", "db_status": "none", "focal_point": "none",
    "recognised_docs": "passport", "visa_shore": "no_visa", "declaration": "OK",
}
NONSENSE_FINDINGS = {
    ("W0653", "c108_status"), ("W0653", "c185_date"), ("W0507", "annex2016"), ("W0653", "doc[1]/doc_class"),
    ("W0653", "doc[1]/doc_biometric"), ("W0653", "doc[1]/doc_travel"), ("W0653", "doc[1]/doc_validity"),
    ("W0653", "db_status"), ("W0653", "focal_point"),
}

# Words that are wrong for some economies, or impolite; an instrument or body may keep its own name.
AVOIDED = re.compile(r"ministr(y|ies)\b|embass|consul(s\b|ate|ar\b)|diplomat|high commission|citizen|\bnational|\bflags?\b|flying"
                     r"|government|\bgovt?\b|domestic|countr(y|ies)|\bnations?\b|sovereign|member states?\b|\bheads? of state",
                     re.IGNORECASE)
# Names of members that are not those of APEC.
MISNAMED = re.compile(r"Taiwan|Formosa|(?<!Chinese )Taipei|Hong ?Kong(?!, China)|Vietnam|Brunei(?! Darussalam)"
                      r"|(?<!The )(?<!the )Philippines|(?<!The )(?<!the )United States|(?-i:\bUSA?\b)|U\.S\.|(?<!South )\bAmerica\b|South Korea"
                      r"|North Korea|Republic of|Russian|Soviet|Mainland|(?-i:\bPRC\b|\bROC\b|\bUK\b)", re.IGNORECASE)
# Economies that are no members of APEC.
ELSEWHERE = re.compile(r"\b(%s)\b" % "|".join("""
    Afghanistan Albania Algeria Andorra Angola Antigua Argentina Armenia Aruba Austria Azerbaijan Bahamas Bahrain Bangladesh
    Barbados Belarus Belgium Belize Benin Bermuda Bhutan Bolivia Bosnia Botswana Brazil Britain Bulgaria Burkina Burma Burundi
    Cambodia Cameroon Cayman Chad Colombia Comoros Congo Cook.Islands Costa.Rica Croatia Cuba Curacao Cyprus Czechia Denmark
    Djibouti Dominica Dominican Ecuador Egypt El.Salvador England Eritrea Estonia Eswatini Ethiopia Fiji Finland France Gabon
    Gambia Georgia Germany Ghana Gibraltar Greece Greenland Grenada Guam Guatemala Guinea-Bissau Guyana Haiti Honduras Hungary
    Iceland India Iran Iraq Ireland Israel Italy Jamaica Jersey Jordan Kazakhstan Kenya Kiribati Kosovo Kuwait Kyrgyzstan Laos
    Latvia Lebanon Lesotho Liberia Libya Liechtenstein Lithuania Luxembourg Maca[uo] Macedonia Madagascar Malawi Maldives Mali
    Malta Marshall.Islands Mauritania Mauritius Micronesia Moldova Monaco Mongolia Montenegro Morocco Mozambique Myanmar Namibia
    Nauru Nepal Netherlands Nicaragua Niger Nigeria Niue Norway Oman Pakistan Palau Palestine Panama Paraguay Poland Polynesia
    Portugal Puerto.Rico Qatar Romania Rwanda Samoa San.Marino Scotland Senegal Serbia Seychelles Sierra.Leone Slovakia Slovenia
    Solomon.Islands Somalia South.Africa Spain Sri.Lanka Sudan Suriname Sweden Switzerland Syria Tajikistan Tanzania Timor Togo
    Tokelau Tonga Trinidad Tunisia Turkey Türkiye Turkmenistan Tuvalu Uganda Ukraine Emirates United.Kingdom Uruguay Uzbekistan
    Vanuatu Vatican Venezuela Yemen Zambia Zimbabwe""".split()), re.IGNORECASE)
OTHERWISE_RIGHT = re.compile(r"United States Coast Guard|US dollars|@agency[.]gov[.]xx")

ECONOMIES = {
    "AUS": "Australia", "BD": "Brunei Darussalam", "CDA": "Canada", "CHL": "Chile", "PRC": "China",
    "HKC": "Hong Kong, China", "INA": "Indonesia", "JPN": "Japan", "ROK": "Korea", "MAS": "Malaysia", "MEX": "Mexico",
    "NZ": "New Zealand", "PNG": "Papua New Guinea", "PE": "Peru", "PH": "The Philippines", "RUS": "Russia",
    "SGP": "Singapore", "CT": "Chinese Taipei", "THA": "Thailand", "US": "The United States", "VN": "Viet Nam",
}
OTHER_OWNERS = {"CHAIR": "Group Chair", "SEC": "Group Secretariat"}


def wrong_word(text):
    text = OTHERWISE_RIGHT.sub("", text)
    return AVOIDED.search(text) or MISNAMED.search(text) or ELSEWHERE.search(text)


def roster_of(name):
    return os.path.join(FORMS, "action-items-roster.csv" if name == "action-items" else "roster.csv")


def officer(name):
    return {**OFFICER, **({"circulate": "yes"} if name in CIRCULATED else {"release": "attributed"})}


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


def long_file(answers, note="invented for a test"):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["question", "no", "label", "answer", "note"])
    for path, answer in answers.items():
        writer.writerow([path, "", "", answer, note])
    return text.getvalue()


def labels_of(name):
    """What the cells of a pack show for each answer: question -> choice -> label; of questions with several, None."""
    lists = {}
    for row in sheet(name, "choices"):
        lists.setdefault(row["list_name"], {})[row["name"]] = row["label"]
    return {row["name"]: lists[row["type"].split()[1]] if row["type"].startswith("select_one ") else None
            for row in sheet(name, "survey") if row["type"].startswith("select_")}


def fill_pack(book, name, answers):
    """Types the answers into the yellow cells of a pack, as a person would: labels, ticks, dates, numbers.

    Column A of the questionnaire and row 5 of the sheet of a repeat name what a cell or column is for."""
    labels = labels_of(name)
    kinds = {row["name"]: row["type"] for row in sheet(name, "survey")}
    cells = {}
    for page in book:
        for row in page.iter_rows(min_row=5):
            if row[0].value:
                cells[str(row[0].value)] = page.cell(row[0].row, 4)
        for cell in page[5]:
            if cell.value and "[]/" in str(cell.value):
                cells[cell.value] = cell
    for path, answer in answers.items():
        question = path.split("/")[-1]
        entry = re.match(r"(\w+)\[(\d+)\]/", path)
        column = "%s[]/%s" % (entry.group(1), question) if entry else path
        for choice in answer.split() if labels.get(question, "") is None else [""]:
            cell = cells[column + ("/" + choice if choice else "")]
            if entry:
                cell = cell.parent.cell(5 + int(entry.group(2)), cell.column)
            if cell.protection.locked and column == "economy":
                continue  # the pack names its economy
            assert not cell.protection.locked, (path, cell.coordinate)
            if choice:
                cell.value = "x"
            elif question in labels:
                cell.value = labels[question][answer]
            elif kinds[question] == "date":
                cell.value = datetime.date.fromisoformat(answer)
            elif kinds[question] in ("integer", "decimal"):
                cell.value = float(answer) if "." in answer else int(answer)
            else:
                cell.value = answer


class Forms(Story):
    def rehearse(self, name, answers):
        path = self.write("return.csv", long_file(answers))
        return import_json("-n", os.path.join(FORMS, name + ".csv"), path, "--now", NOW, "--store", self.path("s.db"),
                           "--roster", roster_of(name))

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

    def test_other_programs_for_xlsforms_find_no_error(self):
        """The rules that they check, applied to the shipped files without canvass; columns of ours are extra to them."""
        types = {"text", "integer", "decimal", "date", "note", "acknowledge", "begin_group", "end_group", "begin_repeat",
                 "end_repeat", "select_one", "select_multiple"}
        for name in NAMES:
            survey, lists, known, opened = sheet(name, "survey"), {}, [], []
            for row in sheet(name, "choices"):
                lists.setdefault(row["list_name"], []).append(row["name"])
                self.assertTrue(row["label"], (name, row))
            for list_name, choices in lists.items():
                with self.subTest(form=name, list=list_name):
                    self.assertEqual(len(choices), len(set(choices)))
                    self.assertNotIn("", choices)
                    self.assertFalse([choice for choice in choices if re.search(r"\s", choice)])
            for row in survey:
                kind, _, listed = row["type"].partition(" ")
                with self.subTest(form=name, row=row["name"] or row["type"]):
                    self.assertIn(kind, types)
                    self.assertEqual(bool(listed), kind.startswith("select_"))
                    self.assertIn(listed, {"", *lists})
                    if kind.startswith("end_"):
                        self.assertEqual(opened.pop(), kind[4:])
                        continue
                    if kind.startswith("begin_"):
                        opened.append(kind[6:])
                    self.assertRegex(row["name"], r"^[A-Za-z_][A-Za-z0-9_.-]*$")
                    self.assertTrue(row["label"])
                    known.append(row["name"])
            self.assertEqual(opened, [], name)
            self.assertEqual(len(known), len({word.lower() for word in known} - {"meta", sheet(name, "settings")[0]["form_id"]}))
            for row in survey:
                for key in ("label", "hint", "required", "relevant", "constraint", "constraint_message"):
                    with self.subTest(form=name, row=row["name"], column=key):
                        self.assertEqual(row[key].count("${"), len(re.findall(r"\$\{[A-Za-z_][A-Za-z0-9_.-]*\}", row[key])))
                        self.assertLessEqual(set(re.findall(r"\$\{(.*?)\}", row[key])), set(known))

    def test_every_form_names_its_respondent_release_and_round(self):
        for name in NAMES:
            with self.subTest(form=name):
                settings = sheet(name, "settings")[0]
                owners = name == "action-items"
                circulated = name in CIRCULATED
                self.assertEqual(settings["respondent"], "economy")
                self.assertEqual(settings["respondent_word"], "owner" if owners else "economy")
                self.assertEqual(settings["release"], "" if circulated else "release")
                self.assertEqual(settings["circulate"], "circulate" if circulated else "")
                self.assertEqual((settings["basis"], settings["round"]), ("return_basis", "2026"))
                self.assertEqual(settings["form_id"], name.replace("-", "_"))
                self.assertRegex(settings["version"], "^2026[0-9]{6}$")

    def test_what_names_a_person_is_kept_from_the_workbook(self):
        for name in NAMES:
            with self.subTest(form=name):
                kept = {row["name"] for row in sheet(name, "survey") if row["audience"] == "secretariat"}
                self.assertEqual({"resp_org", "resp_name", "resp_email", "resp_phone"}, kept)

    def test_the_contact_officer_is_seen_by_the_secretariat_only_as_the_note_says(self):
        """Also where A8 lets the contacts of the list go to all members."""
        for name in CIRCULATED:
            path = self.write("return.csv", long_file({**officer(name), **RETURNS[name]}))
            options = ["--store", self.path(name + ".db"), "--roster", roster_of(name), "--now", NOW]
            form = os.path.join(FORMS, name + ".csv")
            code, _, err = run("import", form, path, *options)
            self.assertEqual(code, 0, err)
            seen = {}
            for audience in ("public", "members", "secretariat"):
                target = self.path("%s-%s.xlsx" % (name, audience))
                code, _, err = run("report", form, *options, "--audience", audience, "-o", target)
                self.assertEqual(code, 0, err)
                seen[audience] = {str(cell) for page in openpyxl.load_workbook(target) for row in page.values for cell in row}
            for question in ("resp_org", "resp_name", "resp_email", "resp_phone"):
                with self.subTest(form=name, question=question):
                    self.assertEqual([who for who in seen if OFFICER[question] in seen[who]], ["secretariat"])
            if name == "points-of-contact":
                self.assertEqual([who for who in seen if "duty@agency.gov.xx" in seen[who]], ["members", "secretariat"])

    def test_every_question_has_a_number_of_its_own(self):
        for name in NAMES:
            with self.subTest(form=name):
                numbers = [row["qno"] for row in sheet(name, "survey")
                           if row["name"] and row["type"] != "note" and not row["type"].startswith("begin_")]
                self.assertNotIn("", numbers)
                self.assertEqual(len(numbers), len(set(numbers)))

    def test_numbers_follow_the_order_of_the_questions(self):
        """A reader who finds B10 after B1, or no H6, looks for what was left out."""
        for name in NAMES:
            counts = {}
            for row in sheet(name, "survey"):
                number = row["qno"] or (re.match(r"[A-Z]\d+(?=[.] )", row["label"]) or [""])[0]
                if row["type"].startswith("end_") or not number or row["type"] == "begin_group":
                    continue
                outer = number.rpartition(".")[0] or number[0]
                counts[outer] = counts.get(outer, 0) + 1
                with self.subTest(form=name, number=number, name=row["name"]):
                    self.assertEqual(number, "%s%s%d" % (outer, "." if "." in number else "", counts[outer]))

    def test_a_full_return_is_accepted_without_a_word(self):
        for name, answers in RETURNS.items():
            with self.subTest(form=name):
                self.assertEqual(self.findings(name, {**officer(name), **answers}), (0, []))

    def test_a_full_return_answers_every_question(self):
        for name, answers in RETURNS.items():
            with self.subTest(form=name):
                asked = {row["name"] for row in sheet(name, "survey") if row["qno"] and row["type"][:6] != "begin_"}
                self.assertEqual(asked, {path.split("/")[-1] for path in {**officer(name), **answers}} | NOT_TOGETHER.get(name, set()))

    def test_a_nil_return_owes_nothing(self):
        for name in RETURNS:
            with self.subTest(form=name):
                nil = {**officer(name), "return_basis": "nil_return", "resp_phone": ""}
                self.assertEqual(self.findings(name, nil), (0, []))

    def test_a_compiled_return_owes_only_what_it_can_know(self):
        known = {"economy": "VN", "return_basis": "compiled_published"}
        for name in RETURNS:
            with self.subTest(form=name):
                self.assertEqual(self.findings(name, known), (0, []))

    def test_an_official_return_owes_its_main_answers(self):
        for name in RETURNS:
            with self.subTest(form=name):
                first = next(path for path in RETURNS[name] if path != "meeting")
                code, found = self.findings(name, {**officer(name), first: RETURNS[name][first]})
                self.assertEqual(code, 1)
                self.assertEqual({finding[0] for finding in found}, {"E0501"})

    def test_a_wrong_answer_is_refused_where_it_stands(self):
        for name, changes, field, finding in REFUSED:
            with self.subTest(form=name, changes=changes):
                _, found = self.findings(name, {**officer(name), **RETURNS[name], **changes})
                self.assertIn((finding, field), found)

    def test_a_blank_does_not_turn_another_answer_wrong(self):
        for name, changes in ALLOWED:
            with self.subTest(form=name, changes=changes):
                self.assertEqual(self.findings(name, {**officer(name), **RETURNS[name], **changes}), (0, []))

    def test_the_nonsense_return_gets_its_warnings(self):
        code, found = self.findings("seafarers-id", {**officer("seafarers-id"), **NONSENSE})
        self.assertEqual((code, set(found)), (0, NONSENSE_FINDINGS))

    def test_no_form_uses_a_word_that_is_wrong_for_some(self):
        """Names of choices too: the workbook shows them on Counts, Codebook and Sources."""
        for name in NAMES:
            texts = [row[key] for row in sheet(name, "survey") for key in
                     ("label", "hint", "constraint_message", "warning_message")]
            texts += [row[key] for row in sheet(name, "choices") for key in ("label", "says")]
            texts += [row["name"].replace("_", " ") for row in sheet(name, "choices") if row["name"].islower()]
            texts.append(sheet(name, "settings")[0]["form_title"])
            for text in texts:
                with self.subTest(form=name, text=text):
                    self.assertIsNone(wrong_word(text))
        for path in glob.glob(os.path.join(FORMS, "action-items-prefill", "*.csv")):
            with open(path, encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    with self.subTest(file=path, text=row["answer"]):
                        self.assertTrue(row["no"] in ("A1", "B5") or not wrong_word(row["answer"]))

    def test_a_word_that_is_wrong_for_some_is_found(self):
        for text in ("Ministry responsible", "Ministries consulted", "Nationals", "by nationality", "National rules", "flag",
                     "Government agency", "gov", "Member State", "Consular post", "In Taiwan", "Taipei", "Hong Kong", "Vietnam",
                     "United States", "US rules", "Philippines", "Republic of Korea", "Brunei", "as in India", "macau", "Fiji"):
            with self.subTest(text=text):
                self.assertIsNotNone(wrong_word(text))
        for text in ("Ministers and Leaders", "Chinese Taipei", "Hong Kong, China", "The United States", "Brunei Darussalam",
                     "International law", "United States Coast Guard", "Papua New Guinea", "They state the position", "state"):
            with self.subTest(text=text):
                self.assertIsNone(wrong_word(text))

    def test_a_text_that_names_a_question_names_one_of_its_form(self):
        for name in NAMES:
            numbers = {row["qno"] for row in sheet(name, "survey")}
            # A repeat inside a section has its number in its label: "C5. Each type of document issued".
            numbers |= {row["label"].split(".")[0] for row in sheet(name, "survey") if row["type"] == "begin_repeat"}
            found = 0
            for row in sheet(name, "survey"):
                for text in (row["label"], row["hint"], row["constraint_message"], row["warning_message"]):
                    for number in re.findall(r"(?<![/0-9])\b[A-HP][0-9]{1,2}(?:\.[0-9]{1,2})?\b", text):
                        found += 1
                        with self.subTest(form=name, text=text):
                            self.assertIn(number, numbers)
            self.assertGreater(found, 0)

    def test_the_core_is_what_is_asked_without_the_annex(self):
        """A10 lists by name what is left when the annex is skipped: sections, and questions of sections that are divided."""
        rows = sheet("seafarers-id", "survey")
        hint = next(row["hint"] for row in rows if row["name"] == "annex")
        told = re.match("The core is (.*?)[.] ", hint).group(1).replace(" and ", ", ").split(", ")
        core, annex, skipped = set(), set(), []
        for row in rows:
            if row["type"].startswith("begin_"):
                skipped.append("${annex} != 'no'" in row["relevant"] or any(skipped))
            elif row["type"].startswith("end_"):
                skipped.pop()
            elif row["qno"]:
                (annex if any(skipped) or "${annex} != 'no'" in row["relevant"] else core).add(row["qno"])
        named = set()
        for part in told:
            first, _, last = part.partition(" to ")
            if last:
                named |= {"%s%d" % (first[0], i) for i in range(int(first[1:]), int(last[1:]) + 1)}
            elif len(part) == 1:
                named |= {number for number in core if number[0] == part}
            else:
                named.add(part)
        self.assertEqual(named, core)
        self.assertGreater(len(annex), 30)

    def test_every_need_has_its_subject_in_the_list_that_forms_share(self):
        """Form 1 asks for needs within one subject in detail; the column `topic` says which of the shared ones each is."""
        with open(os.path.join(FORMS, "bank", "topic.csv"), encoding="utf-8", newline="") as file:
            topics = {row["name"] for row in csv.DictReader(list(file)[1:]) if row["name"]}
        self.assertIn("sid", topics)
        needs = {row["name"]: row["topic"] for row in sheet("seafarers-id", "choices") if row["list_name"] == "needs"}
        self.assertEqual({need for need, topic in needs.items() if topic not in topics}, {"none"})
        for name in NAMES:
            lists = {row["list_name"] for row in sheet(name, "choices")}
            subjects = {row["type"].split()[-1] for row in sheet(name, "survey") if row["type"].startswith("select_")
                        and re.search("[Ss]ubject", row["label"])}
            with self.subTest(form=name):
                self.assertLessEqual(subjects, {"topic"})
                self.assertEqual("needs" in lists, name == "seafarers-id")

    def test_economies_have_their_names_and_order_and_no_others_occur(self):
        with open(os.path.join(FORMS, "roster.csv"), encoding="utf-8", newline="") as file:
            roster = list(csv.DictReader(file))
        self.assertEqual([(row["code"], row["name"]) for row in roster], list(ECONOMIES.items()))
        self.assertEqual(sorted(roster, key=lambda row: row["sort_name"]), roster)
        self.assertNotIn("Bogor", str(roster))
        with open(os.path.join(FORMS, "action-items-roster.csv"), encoding="utf-8", newline="") as file:
            owners = [(row["code"], row["name"]) for row in csv.DictReader(file)]
        self.assertEqual(owners, [*OTHER_OWNERS.items(), *ECONOMIES.items()])
        for name in NAMES:
            for listed in ("economy", "owner"):
                rows = [(row["name"], row["label"]) for row in sheet(name, "choices") if row["list_name"] == listed]
                with self.subTest(form=name, list=listed):
                    self.assertEqual([row for row in rows if row[0] not in {**OTHER_OWNERS, "ALL": ""}],
                                     list(ECONOMIES.items()) if rows else [])
            for row in sheet(name, "choices"):
                if re.fullmatch("[A-Z]{2,5}", row["name"]):
                    self.assertIn(row["name"], {**ECONOMIES, **OTHER_OWNERS, "ALL": ""})

    def test_each_owner_is_sent_its_own_action_items(self):
        found = []
        folder = os.path.join(FORMS, "action-items-prefill")
        for file_name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, file_name), encoding="utf-8", newline="") as file:
                answers = {row["question"]: row["answer"] for row in csv.DictReader(file)}
            self.assertEqual(answers["economy"] + ".csv", file_name)
            count = len([path for path in answers if path.endswith("/ai_no")])
            for i in range(1, count + 1):
                found.append(answers["ai[%d]/ai_no" % i])
                self.assertTrue({answers["economy"], "ALL"} & set(answers["ai[%d]/ai_owner" % i].split()))
                answers.update({"ai[%d]/ai_status" % i: "not_started", "ai[%d]/ai_decision" % i: "no",
                                "ai[%d]/ai_confirmed" % i: "yes"})
            answers = {**answers, **{key: value for key, value in officer("action-items").items() if key != "economy"}}
            self.assertEqual(self.findings("action-items", {**answers, "meeting": "TPTWG 28"}), (0, []), file_name)
        self.assertEqual(set(found), {"AI-%02d" % i for i in range(1, 17)})

    def test_every_form_is_as_long_as_its_documentation_says(self):
        with open(os.path.join(ROOT, "docs/forms.md"), encoding="utf-8") as file:
            part = file.read().partition("## How long they are")[2].partition("\n## ")[0]
        rows = {name: [int(number) for number in numbers.split(" | ")]
                for name, numbers in re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", part, re.MULTILINE)}
        self.assertEqual(sorted(rows), sorted(NAMES))
        for name in NAMES:
            with self.subTest(form=name):
                code, out, err = run("show", os.path.join(FORMS, name + ".csv"), "--summary", "--json")
                self.assertEqual(code, 0, err)
                told = json.loads(out)
                self.assertEqual([told["questions"], told["required"], told["required_sometimes"], told["asked"]["least"],
                                  told["asked"]["most"], told["minutes"]["most"]], rows[name])

    def test_the_first_note_of_a_form_says_how_long_it_takes(self):
        """With one entry in each repeat, as `show --summary` has it; notes are rounded to five minutes."""
        for name in NAMES:
            with self.subTest(form=name):
                code, out, err = run("show", os.path.join(FORMS, name + ".csv"), "--summary", "--json")
                self.assertEqual(code, 0, err)
                intro = next(row["label"] for row in sheet(name, "survey") if row["name"] == "note_intro")
                first, more = re.search(r"About (\d+) minutes to fill in(?: the core)?(?:, and (\d+) for)?", intro).groups()
                self.assertLessEqual(abs(int(first) + int(more or 0) - json.loads(out)["minutes"]["most"]), 2)

    def test_every_form_is_as_the_bank_has_it(self):
        named = set()
        for name in NAMES:
            with self.subTest(form=name):
                form = os.path.join(FORMS, name + ".csv")
                code, out, err = run("show", form, "--expand")
                self.assertEqual((code, err), (0, ""))
                with open(form, encoding="utf-8", newline="") as file:
                    self.assertEqual(out, file.read())
                rows = sheet(name, "survey") + sheet(name, "choices")
                self.assertGreater(len([row for row in rows if row["bank"]]), 10)
                named |= {row["bank"] for row in rows} - {""}
        self.assertEqual({block + ".csv" for block in named}, set(os.listdir(os.path.join(FORMS, "bank"))))

    def test_a_form_is_held_to_its_bank(self):
        shutil.copytree(os.path.join(FORMS, "bank"), self.path("bank"))
        with open(os.path.join(FORMS, "drills-exercises.csv"), encoding="utf-8", newline="") as file:
            text = file.read()
        form = self.write("form.csv", text.replace("Agency completing the return", "Ministry", 1))
        code, out, _ = run("check", form, "--strict", "--json")
        found = [(d["code"], d["field"], d["heading"]) for d in json.loads(out)["diagnostics"]]
        self.assertEqual((code, found), (1, [("W0432", "resp_org", "label")]))
        self.assertEqual(run("show", form, "--expand")[1], text)
        os.remove(self.path("bank/return.csv"))
        code, out, _ = run("check", form, "--json")
        self.assertEqual((code, [d["code"] for d in json.loads(out)["diagnostics"]]), (0, ["W0431"]))
        code, out, err = run("show", form, "--expand")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("W0431", err)

    def test_a_form_can_be_written_from_the_bank(self):
        shutil.copytree(os.path.join(FORMS, "bank"), self.path("bank"))
        short = self.write("short.csv", "survey,type,name,label,bank\n,,,,economy\n,,,,facilities\n,,,,return\n"
                                        "choices,list_name,name,label,bank\n,,,,basis\n"
                                        "settings,form_id,form_title,respondent\n,f,Facilities,economy\n")
        code, _, err = run("distribute", short, "-o", self.path("packs"), "--now", NOW)
        self.assertEqual(code, 2, err)
        self.assertIn("E0267", err)
        code, out, err = run("show", short, "--expand")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(run("check", self.write("form.csv", out), "--strict")[0], 0)
        self.assertEqual(run("show", self.path("form.csv"), "--expand")[1], out)

    def test_a_pack_shows_the_message_of_a_warning_next_to_an_unusual_answer(self):
        for name, asked in {"seafarers-id": ["c108_status", "c185_status", "db_status", "focal_point"],
                            "drills-exercises": ["drill_months", "exercise_months"]}.items():
            messages = {row["name"]: row["warning_message"] for row in sheet(name, "survey")}
            packs = self.path(name)
            code, _, err = run("distribute", os.path.join(FORMS, name + ".csv"), "--roster", roster_of(name), "--store",
                               self.path(name + ".db"), "--respondent", "SGP", "-o", packs, "--now", NOW)
            self.assertEqual(code, 0, err)
            book = openpyxl.load_workbook(os.path.join(packs, "SGP", name.replace("-", "_") + "-SGP.xlsx"))
            states = {row[0].value: str(row[4].value) for page in book for row in page.iter_rows(max_col=5) if len(row) > 4}
            for question in asked:
                with self.subTest(form=name, question=question):
                    self.assertIn('"%s"' % messages[question], states[question])


class Rounds(Story):
    """Each form from the blank questionnaire to the workbook."""

    def exported(self, name, *where):
        path = self.path(name + ".jsonl")
        code, _, err = run("export", *where, "--audience", "secretariat", "-f", "-o", path)
        self.assertEqual(code, 0, err)
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_a_pack_filled_in_by_hand_comes_back_as_the_same_answers(self):
        for name, answers in RETURNS.items():
            with self.subTest(form=name):
                form = os.path.join(FORMS, name + ".csv")
                where = ("--store", self.path(name + ".db"), "--roster", roster_of(name), "--now", NOW)
                code, _, err = run("distribute", form, *where, "--respondent", "AUS", "-o", self.path(name))
                self.assertEqual(code, 0, err)
                path = os.path.join(self.path(name), "AUS", "%s-AUS.xlsx" % name.replace("-", "_"))
                book = openpyxl.load_workbook(path)
                fill_pack(book, name, {**officer(name), **answers})
                book.save(path)
                code, result, err = import_json(form, path, *where)
                self.assertEqual((code, result["files"]["accepted"], result["returns"][0]["findings"]), (0, 1, []), err)
                given = self.path(name + "-csv.db")
                code, _, err = import_json(form, self.write(name + ".csv", long_file({**officer(name), **answers}, "")),
                                           "--store", given, *where[2:])
                self.assertEqual(code, 0, err)
                self.assertEqual(self.exported(name, form, *where), self.exported(name, form, "--store", given, *where[2:]))

    def assert_headlines(self, name, summary):
        """The questions that the form ranks, in this order, each with what the returns say."""
        ranked = sorted((int(row["headline"]), row) for row in sheet(name, "survey") if row["headline"])
        self.assertEqual([rank for rank, _ in ranked], list(range(1, len(ranked) + 1)))
        self.assertGreaterEqual(len(ranked), 3)
        rows = [list(row) for row in summary.iter_rows(values_only=True)]
        head = next(i for i, row in enumerate(rows) if row[0] == "Question")
        self.assertEqual([row[0] for row in rows[head + 1:head + 1 + len(ranked)]],
                         ["%s %s" % (row["qno"], row["label"]) for _, row in ranked])
        for row in rows[head + 1:head + 1 + len(ranked)]:
            self.assertTrue(row[1], row[0])
            self.assertFalse(row[1].startswith("0 answered"), row)

    def test_an_annex_that_was_declined_and_filled_in_is_asked_about_in_few_words(self):
        store, form = self.path("declined.db"), os.path.join(FORMS, "seafarers-id.csv")
        code, _, err = run("distribute", form, "--respondent", "AUS", "--store", store, "--now", NOW, "-o", self.path("declined"))
        self.assertEqual(code, 0, err)
        path = self.path("declined/AUS/seafarers_id-AUS.xlsx")
        book = openpyxl.load_workbook(path)
        fill_pack(book, "seafarers-id", {**officer("seafarers-id"), **RETURNS["seafarers-id"], "annex": "no"})
        book.save(path)
        code, result, err = import_json(form, path, "--store", store, "--now", NOW)
        self.assertEqual(code, 0, err)
        sheets = [finding["sheet"] for finding in result["returns"][0]["findings"]]
        self.assertEqual([sheet for i, sheet in enumerate(sheets) if i == 0 or sheets[i - 1] != sheet],
                         [sheet for sheet in book.sheetnames if sheet in sheets])
        self.assertLess(len(sheets), 25)  # of 49 answers
        code, _, err = run("findings", form, "--store", store, "--now", NOW, "--letters", self.path("asked"))
        self.assertEqual(code, 0, err)
        with open(self.path("asked/AUS.md"), encoding="utf-8") as file:
            letter = file.read()
        # The condition of the section, also where the question has one of its own that is met.
        self.assertRegex(letter, "Asked only if: .* and A10 is not 'No'; F2 is 'Carried out'")
        self.assertNotRegex(letter, r"\b(doc|sec_[a-h]|centre) is asked")

    def test_every_form_goes_round(self):
        """Blank form, packs, invented returns as CSV and as filled-in packs, workbook with the form's main questions."""
        for name in NAMES:
            with self.subTest(form=name):
                code, _, err = run("distribute", os.path.join(FORMS, name + ".csv"), "--store", self.path(name + "-csv.db"),
                                   "--roster", roster_of(name), "--now", NOW, "-o", self.path(name + "-packs"))
                self.assertEqual(code, 0, err)
            for kind in ("csv", "xlsx"):
                with self.subTest(form=name, returned=kind):
                    self.go_round(name, kind)

    def go_round(self, name, kind):
        form = os.path.join(FORMS, name + ".csv")
        roster = roster_of(name)
        store, returns, book = (self.path("%s-%s%s" % (name, kind, end)) for end in (".db", "-returns", ".xlsx"))
        where = ("--store", store, "--roster", roster, "--now", NOW)
        code, _, err = run("simulate", form, "--roster", roster, "--now", NOW, "--seed", "7", "--format", kind, "-o", returns)
        self.assertEqual(code, 0, err)
        code, result, err = import_json(form, returns, *where)
        self.assertIn(code, (0, 1), err)
        self.assertEqual(result["files"]["accepted"], result["files"]["received"], err)
        self.assertGreaterEqual(result["files"]["accepted"], 15, err)
        warned = {finding["field"].split("/")[-1] for entry in result["returns"] for finding in entry["findings"]
                  if finding["code"] == "W0653"}
        self.assertLessEqual(warned, UNAVOIDABLE)
        code, _, err = run("report", form, *where, "--audience", "secretariat", "-o", book)
        self.assertEqual(code, 0, err)
        self.assert_headlines(name, openpyxl.load_workbook(book)["Summary"])


if __name__ == "__main__":
    unittest.main()

"""Who gets which answer at which address: every address of the house, every role, one table.

One row a line: `(name of the address, method, {role: status, …, "*": status of all others})`. Keep the rows of a
room together; add yours under its heading, creating it if need be. Rows are tried with an empty form, on the world
that `tests/test_access.py` builds; its `KEYS` fills the parts of the addresses (`slug`, `ideas.number`, …): add a key
there when your address has a part of another kind. Everything a request changes is undone after it.

Statuses: 200 shown · 204 done, nothing to show · 302 go and sign in, or elsewhere · 303 done · 403 may not · 404 no
such thing · 405 wrong method · 409 not now · 422 the form is refused (what an empty form gives to those who may).
Roles: visitor (not signed in), resident (signed in, no role), focal_point, other_focal_point (of another place),
committee, clerk, project_owner (all three of the place), coach (on a mission there), national, evaluator.
"""

ROLES = [
    "visitor",
    "resident",
    "focal_point",
    "other_focal_point",
    "committee",
    "clerk",
    "project_owner",
    "coach",
    "national",
    "evaluator",
]

ALL = {"*": 200}  # a public page
FORM = {"*": 422}  # a public form, sent empty
SIGNED_IN = {"visitor": 302, "*": 200}  # a page of one's own
FOCAL_POINT = {"visitor": 302, "focal_point": 200, "*": 403}
FOCAL_POINT_FORM = {"visitor": 302, "focal_point": 422, "*": 403}
SEATED = {"visitor": 302, "committee": 200, "*": 403}
WORKER = {"visitor": 302, "focal_point": 200, "coach": 200, "*": 403}
WORKER_FORM = {"visitor": 302, "focal_point": 422, "coach": 422, "*": 403}
RECORD = {"visitor": 302, "focal_point": 200, "clerk": 200, "*": 403}
RECORD_FORM = {"visitor": 302, "focal_point": 422, "clerk": 422, "*": 403}
ANSWERS = {"visitor": 302, "focal_point": 200, "project_owner": 200, "*": 403}
ANSWERS_FORM = {"visitor": 302, "focal_point": 422, "project_owner": 422, "*": 403}
CONCERNED = {"visitor": 302, "focal_point": 200, "coach": 200, "national": 200, "*": 403}
CONCERNED_FORM = {"visitor": 302, "focal_point": 422, "coach": 422, "national": 422, "*": 403}
RUNNERS = {"visitor": 302, "focal_point": 200, "national": 200, "*": 403}
RUNNERS_FORM = {"visitor": 302, "focal_point": 422, "national": 422, "*": 403}
NATIONAL = {"visitor": 302, "national": 200, "*": 403}
NATIONAL_FORM = {"visitor": 302, "national": 422, "*": 403}

NO_PAGES = {  # files, feeds, answers for machines, and a part to be swapped into a page
    *("healthz", "robots", "sitemap", "ui:challenge", "ledger:dump", "ideas:similar", "adoption:programme_pdf"),
    *("accounts:export", "calls:copy", "directory:table", "board:export", "opendata:download", "consultation:download"),
    *("favicon", "meetings:calendar", "meetings:feed", "meetings:invitation"),
    *("api:api-root", "api:openapi-json", "api:data_sets", "api:lines"),
}

ACCESS: list[tuple[str, str, dict[str, int]]] = [
    # the machine
    ("healthz", "GET", ALL),
    ("favicon", "GET", {"*": 302}),
    ("ui:styleguide", "GET", ALL),
    ("ui:challenge", "GET", ALL),
    ("ui:speak", "GET", {"*": 302}),
    # ledger
    ("ledger:proof", "GET", {"*": 409}),  # not sealed yet: a test's own transaction never is
    ("ledger:dump", "GET", ALL),
    ("file", "GET", {"*": 404}),
    # accounts
    ("accounts:me", "GET", SIGNED_IN),
    ("accounts:export", "GET", SIGNED_IN),
    ("accounts:erase", "GET", SIGNED_IN),
    ("accounts:erase", "POST", {"visitor": 302, "*": 422}),
    ("accounts:roles", "GET", ALL),
    ("accounts:people", "GET", RUNNERS),
    ("accounts:people", "POST", RUNNERS_FORM),
    ("accounts:revoke", "GET", RUNNERS),
    ("accounts:revoke", "POST", {"visitor": 302, "focal_point": 303, "national": 303, "*": 403}),
    ("accounts:demo", "GET", {"*": 404}),  # there is no demonstration here
    # areas
    ("areas:areas", "GET", ALL),
    ("areas:add", "GET", NATIONAL),
    ("areas:add", "POST", NATIONAL_FORM),
    ("areas:reword", "GET", NATIONAL),
    ("areas:reword", "POST", NATIONAL_FORM),
    ("areas:retire", "POST", {"visitor": 302, "national": 303, "*": 403}),
    ("areas:restore", "POST", {"visitor": 302, "national": 303, "*": 403}),
    # territories
    ("territories:find", "GET", ALL),
    # membership
    ("membership:charter", "GET", ALL),
    ("membership:member", "GET", ALL),
    ("membership:adhere", "GET", RUNNERS),
    ("membership:adhere", "POST", RUNNERS_FORM),
    *((f"membership:{name}", "GET", NATIONAL) for name in ("admit", "rest", "leave", "draft", "plan", "replan")),
    *((f"membership:{name}", "POST", NATIONAL_FORM) for name in ("admit", "rest", "leave", "draft", "plan", "replan")),
    ("membership:wake", "GET", {"visitor": 302, "national": 409, "*": 403}),
    ("membership:wake", "POST", {"visitor": 302, "national": 409, "*": 403}),
    ("membership:version", "GET", ALL),
    ("membership:awaited", "GET", ALL),
    ("membership:publish", "POST", {"visitor": 302, "national": 409, "*": 403}),
    ("membership:cohorts", "GET", ALL),
    ("membership:hand_over", "GET", RUNNERS),
    ("membership:hand_over", "POST", RUNNERS_FORM),
    ("membership:acknowledge", "POST", {"visitor": 302, "resident": 303, "*": 403}),  # the resident takes over
    ("handover:handover", "GET", {"visitor": 302, "resident": 200, "focal_point": 200, "national": 200, "*": 403}),
    # commitments
    ("commitments:commitments", "GET", ALL),
    ("commitments:network", "GET", ALL),
    ("commitments:shown", "GET", ALL),
    ("commitments:declare", "GET", FOCAL_POINT),
    ("commitments:declare", "POST", FOCAL_POINT_FORM),
    ("commitments:withdraw", "GET", FOCAL_POINT),
    ("commitments:withdraw", "POST", FOCAL_POINT_FORM),
    # calls
    ("calls:calls", "GET", ALL),
    ("calls:call", "GET", ALL),
    ("calls:new", "GET", NATIONAL),
    ("calls:new", "POST", NATIONAL_FORM),
    ("calls:edit", "GET", NATIONAL),
    ("calls:edit", "POST", NATIONAL_FORM),
    ("calls:publish", "POST", {"visitor": 302, "national": 409, "*": 403}),  # it is published already
    ("calls:apply", "GET", ALL),
    ("calls:apply", "POST", FORM),
    ("calls:application", "GET", ALL),  # for whoever bears the link
    ("calls:application", "POST", {"*": 409}),  # it has been sent
    ("calls:withdraw", "POST", {"*": 303}),
    ("calls:erase", "POST", {"*": 303}),
    ("calls:copy", "GET", ALL),
    ("calls:own_paper", "GET", {"*": 404}),  # the file of a test is nowhere
    ("calls:applications", "GET", NATIONAL),  # and the wilaya, of its territory
    ("calls:review", "GET", NATIONAL),
    ("calls:advise", "POST", {"visitor": 302, "*": 403}),  # the wilaya does
    ("calls:answer", "POST", NATIONAL_FORM),
    ("calls:paper", "GET", {"visitor": 302, "national": 404, "*": 403}),
    # meetings
    ("meetings:meetings", "GET", ALL),
    ("meetings:calendar", "GET", ALL),
    ("meetings:announce", "GET", RUNNERS),
    ("meetings:announce", "POST", RUNNERS_FORM),
    ("meetings:network", "GET", ALL),
    ("meetings:feed", "GET", ALL),
    ("meetings:meeting", "GET", ALL),
    ("meetings:invitation", "GET", ALL),
    *((f"meetings:{name}", "GET", RUNNERS) for name in ("change", "call_off", "desk", "check_in", "add", "publish")),
    *((f"meetings:{name}", "POST", RUNNERS_FORM) for name in ("change", "call_off", "add", "withdraw", "publish")),
    ("meetings:withdraw", "GET", RUNNERS),
    ("meetings:desk", "POST", RUNNERS_FORM),
    ("meetings:check_in", "POST", {"visitor": 302, "focal_point": 303, "national": 303, "*": 403}),
    ("meetings:register", "GET", ALL),
    ("meetings:register", "POST", FORM),
    ("meetings:registration", "GET", ALL),
    ("meetings:cancel", "POST", {"*": 303}),
    ("meetings:minutes", "GET", ALL),
    ("meetings:hold", "POST", RUNNERS_FORM),
    # certificates
    ("certificates:certify", "GET", {"*": 409}),  # nobody has come yet
    ("certificates:certify", "POST", {"*": 409}),
    ("certificates:find", "GET", ALL),
    ("certificates:verify", "GET", ALL),
    # pool
    ("pool:pool", "GET", ALL),
    ("pool:enrol", "GET", NATIONAL),
    ("pool:enrol", "POST", NATIONAL_FORM),
    ("pool:describe", "GET", {"visitor": 302, "coach": 200, "national": 200, "*": 403}),
    ("pool:describe", "POST", {"visitor": 302, "coach": 422, "national": 422, "*": 403}),
    ("pool:leave", "POST", {"visitor": 302, "coach": 303, "national": 303, "*": 403}),
    ("pool:requests", "GET", NATIONAL),
    ("pool:propose", "GET", NATIONAL),
    ("pool:propose", "POST", NATIONAL_FORM),
    ("pool:help", "GET", RUNNERS),
    ("pool:help", "POST", FOCAL_POINT_FORM),
    ("pool:withdraw", "POST", {"visitor": 302, "focal_point": 409, "*": 403}),  # a mission answers it
    ("pool:agree", "POST", {"visitor": 302, "focal_point": 409, "coach": 409, "*": 403}),  # both have
    ("pool:decline", "GET", {"visitor": 302, "focal_point": 409, "coach": 409, "national": 409, "*": 403}),  # it runs
    ("pool:decline", "POST", CONCERNED_FORM),
    ("pool:note", "GET", {"visitor": 302, "focal_point": 200, "coach": 200, "*": 403}),
    ("pool:note", "POST", {"visitor": 302, "focal_point": 422, "coach": 422, "*": 403}),
    ("pool:end", "GET", {"visitor": 302, "coach": 200, "*": 403}),
    ("pool:end", "POST", {"visitor": 302, "coach": 422, "*": 403}),
    ("pool:cut_short", "GET", CONCERNED),
    ("pool:cut_short", "POST", CONCERNED_FORM),
    ("pool:say", "GET", {"visitor": 302, "focal_point": 409, "*": 403}),  # once it is over
    ("pool:say", "POST", FOCAL_POINT_FORM),
    # questions
    ("questions:questions", "GET", ALL),
    ("questions:question", "GET", ALL),
    ("questions:ask", "GET", {"visitor": 302, "resident": 403, "evaluator": 403, "*": 200}),
    ("questions:ask", "POST", {"visitor": 302, "resident": 403, "evaluator": 403, "*": 422}),
    ("questions:answer", "POST", {"visitor": 302, "resident": 403, "evaluator": 403, "*": 422}),
    ("questions:accept", "POST", {"visitor": 302, "focal_point": 303, "*": 403}),  # who asked
    ("questions:retract", "POST", {"visitor": 302, "focal_point": 409, "*": 403}),  # it has an answer
    ("questions:retract_answer", "POST", {"visitor": 302, "other_focal_point": 303, "*": 403}),  # who answered
    # ideas
    ("ideas:list", "GET", ALL),
    ("ideas:new", "GET", ALL),
    ("ideas:new", "POST", FORM),
    ("ideas:similar", "GET", ALL),
    ("ideas:support", "GET", {"*": 302}),
    ("ideas:support", "POST", {"*": 303}),
    ("ideas:inbox", "GET", WORKER),
    ("ideas:inbox", "POST", FOCAL_POINT_FORM),  # an answer; whoever works on the programme groups
    ("ideas:waiting", "GET", SEATED),
    ("ideas:propose", "GET", SEATED),
    ("ideas:propose", "POST", {"visitor": 302, "committee": 422, "*": 403}),
    ("ideas:withdraw", "POST", {"visitor": 302, "*": 403}),  # its author alone
    ("ideas:ungroup", "POST", {"visitor": 302, "focal_point": 303, "coach": 303, "*": 403}),
    ("ideas:enter", "GET", WORKER),
    ("ideas:slips", "GET", WORKER),
    ("ideas:enter", "POST", WORKER_FORM),
    ("ideas:import", "GET", WORKER),
    ("ideas:import", "POST", WORKER_FORM),
    ("ideas:batch", "GET", WORKER),
    ("ideas:batch", "POST", {"visitor": 302, "focal_point": 303, "coach": 303, "*": 403}),
    ("ideas:undo", "POST", {"visitor": 302, "focal_point": 303, "coach": 303, "*": 403}),
    ("ideas:decide", "GET", FOCAL_POINT),
    ("ideas:decide", "POST", FOCAL_POINT_FORM),
    # organisations
    ("organisations:list", "GET", ALL),
    ("organisations:register", "GET", SIGNED_IN),
    ("organisations:register", "POST", {"visitor": 302, "*": 422}),
    ("organisations:reword", "GET", {"visitor": 302, "resident": 200, "*": 403}),  # who speaks for it
    ("organisations:reword", "POST", {"visitor": 302, "resident": 422, "*": 403}),
    ("organisations:verify", "POST", {"visitor": 302, "focal_point": 303, "national": 303, "*": 403}),
    ("organisations:withhold", "GET", RUNNERS),
    ("organisations:withhold", "POST", RUNNERS_FORM),
    ("organisations:speakers", "GET", {**RUNNERS, "resident": 200}),
    ("organisations:speakers", "POST", {"visitor": 302, "resident": 422, "*": 403}),
    ("organisations:accept", "POST", {"visitor": 302, "resident": 303, "*": 403}),
    ("organisations:end", "POST", {"visitor": 302, "resident": 303, "focal_point": 303, "national": 303, "*": 403}),
    ("voices:organisation", "GET", ALL),
    # moderation
    ("moderation:rules", "GET", ALL),
    ("moderation:report", "GET", ALL),
    ("moderation:report", "POST", FORM),
    ("moderation:desk", "GET", RUNNERS),
    ("moderation:rule", "GET", RUNNERS),
    ("moderation:rule", "POST", RUNNERS_FORM),
    ("moderation:ruling", "GET", ALL),
    ("moderation:ruling", "POST", FORM),
    ("moderation:answer_appeal", "POST", RUNNERS_FORM),
    # projects
    ("projects:board", "GET", WORKER),
    ("projects:answer", "POST", FOCAL_POINT_FORM),
    ("projects:draft", "GET", WORKER),
    ("projects:draft", "POST", WORKER_FORM),
    ("projects:redraft", "GET", WORKER),
    ("projects:redraft", "POST", WORKER_FORM),
    ("projects:plan", "GET", WORKER),
    ("projects:plan", "POST", WORKER_FORM),
    ("projects:aim", "GET", WORKER),
    ("projects:aim", "POST", WORKER_FORM),
    ("projects:drop", "GET", FOCAL_POINT),
    ("projects:drop", "POST", FOCAL_POINT_FORM),
    ("projects:restore", "POST", {"visitor": 302, "focal_point": 409, "*": 403}),  # it stands
    ("projects:let_go", "POST", {"visitor": 302, "focal_point": 303, "*": 403}),
    # discussion
    ("discussion:say", "GET", SIGNED_IN),
    ("discussion:say", "POST", {"visitor": 302, "*": 422}),
    ("discussion:retract", "POST", {"visitor": 302, "resident": 303, "*": 403}),
    # programmes
    ("programmes:setup", "GET", FOCAL_POINT),
    ("programmes:setup", "POST", {"visitor": 302, "focal_point": 409, "*": 403}),  # no other cycle to begin
    ("programmes:axes", "GET", WORKER),
    ("programmes:axes", "POST", WORKER_FORM),
    ("programmes:phases", "GET", WORKER),
    ("programmes:phases", "POST", {"visitor": 302, "focal_point": 303, "coach": 303, "*": 403}),  # all have begun
    ("programmes:shift", "GET", FOCAL_POINT),
    ("programmes:shift", "POST", FOCAL_POINT_FORM),
    ("programmes:committee", "GET", FOCAL_POINT),
    ("programmes:committee", "POST", FOCAL_POINT_FORM),
    ("programmes:seat", "POST", FOCAL_POINT_FORM),
    ("programmes:represent", "POST", {"visitor": 302, "focal_point": 303, "*": 403}),
    ("programmes:unseat", "POST", FOCAL_POINT_FORM),
    ("programmes:close", "POST", {"visitor": 302, "focal_point": 409, "*": 403}),  # not adopted yet
    ("programmes:composition", "GET", ALL),
    # monitoring
    ("monitoring:progress", "GET", ANSWERS),
    ("monitoring:read", "POST", ANSWERS_FORM),
    ("monitoring:activity", "GET", ALL),
    ("monitoring:report", "POST", ANSWERS_FORM),
    ("monitoring:prove", "POST", {**ANSWERS_FORM, "committee": 422}),
    ("monitoring:rate", "POST", {"visitor": 302, "*": 422}),
    ("monitoring:evidence", "GET", {"*": 404}),  # what was hidden is nowhere
    # evaluation
    ("evaluation:evaluation", "GET", ALL),
    ("evaluation:answers", "GET", {"visitor": 302, "*": 409}),  # nothing has been adopted here yet
    *((f"evaluation:{name}", "POST", {"visitor": 302, "*": 409}) for name in ("open", "answer", "file")),
    *((f"evaluation:{name}", "GET", {"*": 404}) for name in ("evidence", "proof")),
    ("evaluation:review", "GET", {"visitor": 302, "evaluator": 200, "*": 403}),
    ("evaluation:review", "POST", {"visitor": 302, "evaluator": 422, "*": 403}),
    # adoption
    ("adoption:council", "GET", ALL),
    ("adoption:programme_pdf", "GET", ALL),
    ("adoption:validate", "GET", {"visitor": 302, "focal_point": 409, "*": 403}),  # the consultation is still open
    ("adoption:validate", "POST", {"visitor": 302, "focal_point": 409, "*": 403}),
    ("adoption:agenda", "GET", {"visitor": 302, "focal_point": 409, "clerk": 409, "*": 403}),  # nothing validated yet
    ("adoption:agenda", "POST", {"visitor": 302, "focal_point": 409, "clerk": 409, "*": 403}),
    ("adoption:adopt", "GET", RECORD),
    ("adoption:adopt", "POST", RECORD_FORM),
    ("adoption:postpone", "GET", RECORD),
    ("adoption:postpone", "POST", RECORD_FORM),
    ("adoption:reject", "GET", RECORD),
    ("adoption:reject", "POST", RECORD_FORM),
    # workbench
    ("workbench:workbench", "GET", SIGNED_IN),
    # notifications
    ("notifications:ledger", "GET", ALL),
    ("notifications:notices", "GET", SIGNED_IN),
    ("notifications:notices", "POST", {"visitor": 302, "*": 303}),
    ("notifications:forget", "GET", {"*": 404}),  # the link comes with a message
    ("notifications:to", "GET", {"*": 302}),
    ("notifications:quiet", "GET", {"*": 404}),  # the link comes with the weekly letter
    ("notifications:follow", "GET", SIGNED_IN),
    ("notifications:follow", "POST", {"visitor": 302, "*": 303}),
    # custody
    ("custody:idea", "GET", ALL),
    ("custody:project", "GET", ALL),
    ("custody:mission", "GET", ALL),
    ("custody:find", "GET", ALL),
    ("custody:receipt", "GET", {"*": 404}),  # the receipts of tests have no check sign
    # spaces
    ("spaces:space", "GET", ALL),
    ("spaces:programme", "GET", ALL),
    ("spaces:documents", "GET", ALL),
    ("spaces:publish", "GET", FOCAL_POINT),
    ("spaces:publish", "POST", FOCAL_POINT_FORM),
    # directory
    ("directory:members", "GET", ALL),
    ("directory:table", "GET", ALL),
    ("directory:since", "GET", ALL),
    # board
    ("board:board", "GET", NATIONAL),
    ("board:export", "GET", NATIONAL),
    ("board:cohorts", "GET", NATIONAL),
    ("board:silent", "GET", NATIONAL),
    ("board:call", "POST", NATIONAL_FORM),
    ("board:announcements", "GET", NATIONAL),
    ("board:announce", "GET", NATIONAL),
    ("board:announce", "POST", NATIONAL_FORM),
    # practices
    ("practices:practices", "GET", ALL),
    ("practices:practice", "GET", ALL),
    ("practices:of_place", "GET", ALL),
    (
        "practices:waiting",
        "GET",
        {"visitor": 302, "focal_point": 200, "other_focal_point": 200, "coach": 200, "national": 200, "*": 403},
    ),
    ("practices:share", "GET", FOCAL_POINT),
    ("practices:share", "POST", FOCAL_POINT_FORM),
    ("practices:begin", "POST", {"visitor": 302, "focal_point": 409, "*": 403}),  # not finished yet
    ("practices:redraft", "GET", {"visitor": 302, "focal_point": 409, "*": 403}),  # published
    ("practices:redraft", "POST", {"visitor": 302, "focal_point": 409, "*": 403}),
    ("practices:hand_in", "POST", {"visitor": 302, "focal_point": 409, "*": 403}),
    ("practices:review", "GET", {"visitor": 302, "other_focal_point": 200, "*": 403}),
    ("practices:review", "POST", {"visitor": 302, "other_focal_point": 422, "*": 403}),
    ("practices:ask", "GET", NATIONAL),
    ("practices:ask", "POST", NATIONAL_FORM),
    ("practices:withdraw", "GET", RUNNERS),
    ("practices:withdraw", "POST", RUNNERS_FORM),
    ("practices:take_up", "POST", {"visitor": 302, "focal_point": 409, "*": 403}),  # not withdrawn
    ("practices:adapt", "GET", {"visitor": 302, "other_focal_point": 409, "coach": 409, "*": 403}),
    ("practices:adapt", "POST", {"visitor": 302, "other_focal_point": 409, "coach": 409, "*": 403}),
    # website
    ("website:home", "GET", ALL),
    ("website:search", "GET", ALL),
    ("website:about", "GET", ALL),
    ("website:legal", "GET", ALL),
    ("website:accessibility", "GET", ALL),
    ("robots", "GET", ALL),
    ("sitemap", "GET", ALL),
    # indicators
    ("indicators:figures", "GET", ALL),
    ("indicators:indicator", "GET", ALL),
    ("indicators:records", "GET", ALL),
    # plan
    ("plan:plan", "GET", ALL),
    ("plan:history", "GET", ALL),
    *((f"plan:{name}", "GET", NATIONAL) for name in ("begin", "amend", "reschedule", "record_review")),
    *((f"plan:{name}", "POST", NATIONAL_FORM) for name in ("begin", "amend", "reschedule", "record_review")),
    ("plan:bring_into_force", "POST", NATIONAL_FORM),
    # opendata
    ("opendata:catalog", "GET", ALL),
    ("opendata:download", "GET", ALL),
    ("api:api-root", "GET", ALL),
    ("api:openapi-json", "GET", ALL),
    ("api:data_sets", "GET", ALL),
    ("api:lines", "GET", ALL),
    # consultation
    ("consultation:consultation", "GET", ALL),
    ("consultation:open", "GET", {"visitor": 302, "focal_point": 409, "*": 403}),  # it is open already
    ("consultation:open", "POST", {"visitor": 302, "focal_point": 409, "*": 403}),
    ("consultation:project", "GET", ALL),
    ("consultation:project", "POST", FORM),
    ("consultation:opinions", "GET", FOCAL_POINT),
    ("consultation:enter", "GET", FOCAL_POINT),
    ("consultation:enter", "POST", FOCAL_POINT_FORM),
    ("consultation:reply", "POST", FOCAL_POINT_FORM),
    ("consultation:versions", "GET", ALL),
    ("consultation:version", "GET", ALL),
    ("consultation:download", "GET", ALL),
    ("consultation:compare", "GET", ALL),
]

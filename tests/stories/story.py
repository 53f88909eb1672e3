"""The story that the whole house is built for: an idea given in Arabic on a phone, and what becomes of it. It goes
through pages only, whoever reads them."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import ngettext
from PIL import Image

from infitah.ground.accounts.models import Person, Role
from infitah.journey.ideas.models import Idea
from infitah.journey.programmes.models import Phase
from infitah.journey.projects.forms import NEW_PROJECT
from infitah.lib.text import receipt_shown
from tests import make
from tests.stories.readers import ALL, FIRST, File, Reader

SLUG = "tetouan"
HOME = f"/ar/c/{SLUG}/"
PROBLEM = "الزقاق الذي يؤدي إلى الثانوية مظلم والتلميذات يخفن العودة مساء."
SOLUTION = "تجديد الإنارة في الزقاق ووضع رقم للتبليغ عن الأعطاب."
WORKSHOP = """رقم,القناة,المحور,المشكل,الحل المقترح
1,اللقاء,الرقمنة,الضو طايح فالدرب حدا الليسي,رجعو الضو وزيدو بولات
2,اللقاء,المشاركة,لا أحد يخبرنا بمواعيد الدورات,إعلان في الحي قبل كل دورة
"""
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"

As = Callable[[Person | None], Reader]
Travel = Callable[[int], AbstractContextManager[Any]]


def photo() -> File:
    kept = io.BytesIO()
    Image.new("RGB", (480, 320), "#1f5c45").save(kept, "PNG")
    return File("lamp.png", "image/png", kept.getvalue())


class Promise:
    """The people of the story, and its acts in their order. `read_as(person)` gives the pages of that person;
    `travel(day)` goes to a day of the story."""

    def __init__(self, read_as: As, travel: Travel, *, with_script: bool) -> None:
        self.read_as, self.travel, self.with_script = read_as, travel, with_script
        self.today = timezone.localdate()
        place = make.place(SLUG)
        programme = make.programme(place, opened=Phase.Kind.IDEAS)
        self.focal = make.focal_point(place)
        self.clerk = make.holder(Role.CLERK, place, "Charlie")
        self.owner = make.holder(Role.PROJECT_OWNER, place, "Dalila")
        self.civil = make.seat(programme).person
        self.evaluator = make.holder(Role.EVALUATOR, make.country(), "Farida")
        self.receipt = ""

    def on(self, day: int) -> date:
        return self.today + timedelta(days=day)

    def told(self) -> None:
        """Every act."""
        with self.travel(0):
            self.an_idea_is_given_on_a_phone()
            self.a_workshop_is_imported()
        with self.travel(10):
            self.ideas_are_answered_by_a_project()
        with self.travel(20):
            self.the_draft_is_opened_to_everyone()
            self.an_opinion_is_given_and_answered()
        with self.travel(60):
            self.the_council_adopts()
        with self.travel(200):
            self.work_is_proved_and_judged_by_both_sides()
            self.somebody_independent_reviews_it()
            self.the_author_sees_what_became_of_it()

    def an_idea_is_given_on_a_phone(self) -> None:
        visitor = self.read_as(None).open(f"{HOME}ideas/new/")
        visitor.send(axis=FIRST, problem=PROBLEM, solution=SOLUTION)
        idea = Idea.objects.get()
        self.receipt = receipt_shown(idea.receipt)
        assert self.receipt in visitor.text and SOLUTION in visitor.text
        assert idea.is_shown == self.with_script
        if not self.with_script:  # without a solved sum, somebody has a look at it first
            self.read_as(self.focal).open(f"{HOME}moderation/").send(visibility="shown", reason="كلام مهذب.")
        assert SOLUTION in self.read_as(None).open(f"{HOME}ideas/").text

    def a_workshop_is_imported(self) -> None:
        focal = self.read_as(self.focal).open(f"{HOME}ideas/import/")
        focal.send(sheet=File("ورشة.csv", "text/csv", WORKSHOP.encode("utf-8-sig")))
        focal.send()
        assert Idea.objects.count() == 3

    def ideas_are_answered_by_a_project(self) -> None:
        focal = self.read_as(self.focal).open(f"{HOME}board/")
        focal.send(ideas=ALL, outcome=NEW_PROJECT)
        focal.send(
            title_ar="أحياء مضاءة",
            title_fr="Des quartiers éclairés",
            axis=FIRST,
            problem_ar="أزقة مظلمة حول الثانويات.",
            solution_ar="تجديد الإنارة وترقيم الأعمدة.",
            service_ar="مصلحة الإنارة",
        )
        row = {"row-0-title_ar": "تجديد إنارة الزقاق", "row-0-planned_from": self.on(70)}
        focal.send(**row, **{"row-0-planned_until": self.on(190)})
        focal.send(**{"row-0-name_ar": "أعمدة مجددة", "row-0-target": "20"})
        assert "أحياء مضاءة" in focal.text, focal.text
        assert (outcomes := [idea.outcome for idea in Idea.objects.all()]) == ["kept"] * 3, outcomes

    def the_draft_is_opened_to_everyone(self) -> None:
        focal = self.read_as(self.focal).open(f"{HOME}consultation/open/")
        focal.send(closes_on=self.on(40), summary_ar="مشروع واحد من ثلاث أفكار.")
        assert "أحياء مضاءة" in self.read_as(None).open(f"{HOME}consultation/").text

    def an_opinion_is_given_and_answered(self) -> None:
        visitor = self.read_as(None).open(f"{HOME}consultation/projects/1/")
        visitor.send(stance="changes", text="ابدؤوا بالزقاق القريب من الثانوية.")
        focal = self.read_as(self.focal)
        if not self.with_script:
            focal.open(f"{HOME}moderation/").send(visibility="shown", reason="كلام مهذب.")
        focal.open(f"{HOME}consultation/opinions/").send(is_taken_up=FIRST, text="معكم حق، سنبدأ به.")
        assert "معكم حق" in self.read_as(None).open(f"{HOME}consultation/projects/1/").text

    def the_council_adopts(self) -> None:
        act = File("مقرر.pdf", "application/pdf", PDF)
        focal = self.read_as(self.focal).open(f"{HOME}council/validate/")
        focal.send(validated_on=self.on(58), minutes="وافقت اللجنة بالإجماع.", document=act)
        clerk = self.read_as(self.clerk).open(f"{HOME}council/agenda/")
        clerk.send(sits_on=self.on(60), kind="extraordinary")
        clerk.open(f"{HOME}council/").follow("تسجيل التصويت")
        clerk.send(votes_for=24, votes_against=2, abstentions=3, number="12/2026", document=act)
        assert "24" in self.read_as(None).open(f"{HOME}council/").text

    def work_is_proved_and_judged_by_both_sides(self) -> None:
        activity = f"{HOME}projects/1/activities/1/"
        owner = self.read_as(self.owner).open(activity)
        owner.send(status="under_way", text="بدأت الأشغال.")
        owner.open(activity).send(caption_ar="الزقاق بعد الأشغال", file=photo())
        owner.open(activity).send(status="completed", text="ركبنا عشرين مصباحا.")
        owner.open(activity).send(completion="complete", text="منجز ومتسلم.")
        civil = self.read_as(self.civil).open(activity)
        civil.send(completion="substantial", text="عمودان لا يشتغلان.")
        assert "عمودان لا يشتغلان" in self.read_as(None).open(activity).text

    def somebody_independent_reviews_it(self) -> None:
        evaluator = self.read_as(self.evaluator).open(f"{HOME}projects/1/").follow("تقييم هذا المشروع")
        judged = {"verifiable": "yes", "lens": "no", "potential": "modest"}
        evaluator.send(**judged, **{f"{scale}_explanation": f"بحثت في {scale}." for scale in judged})
        project = self.read_as(None).open(f"{HOME}projects/1/").text
        assert "Farida" in project and "بحثت في potential." in project, project

    def the_author_sees_what_became_of_it(self) -> None:
        visitor = self.read_as(None).open(f"/r/{self.receipt}/")
        assert SOLUTION in visitor.text and "أحياء مضاءة" in visitor.text
        trail = self.read_as(None).open(f"{HOME}ideas/1/").text
        proof = ngettext("%(count)s piece of evidence", "%(count)s pieces of evidence", 1) % {"count": 1}
        for step in ["أحياء مضاءة", "24", "12/2026", proof]:
            assert step in trail, trail
        project = self.read_as(None).open(f"{HOME}projects/1/").text
        assert SOLUTION in project and "تجديد إنارة الزقاق" in project

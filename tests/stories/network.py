"""The story of the network: a collectivity answers a call, signs the charter, learns, is helped for a time, and takes
up what worked elsewhere. It goes through pages only, whoever reads them."""

import re
from datetime import date, timedelta

from django.core import mail
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.journey.projects.models import Project
from infitah.lib.i18n import Localized
from infitah.lib.text import receipt_shown
from infitah.network.calls import actions as calls
from infitah.network.calls.models import Application
from infitah.network.certificates.models import Certificate
from infitah.network.meetings.models import Registration
from infitah.network.pool.models import Mission
from infitah.outlook.practices.models import Practice
from tests import make
from tests.stories.readers import FIRST, File
from tests.stories.story import PDF, As, Travel

SLUG = "chefchaouen"
HOME = f"/ar/c/{SLUG}/"
PRACTICE = "رقم واحد لكل عمود إنارة"


class Network:
    """The people of the story, and its acts in their order. `read_as(person)` gives the pages of that person;
    `travel(day)` goes to a day of the story."""

    def __init__(self, read_as: As, travel: Travel) -> None:
        self.read_as, self.travel = read_as, travel
        self.today = timezone.localdate()
        region = make.place("region-nord", "region", name=Localized(ar="الشمال", fr="Nord"))
        province = make.place("province-nord", "province", parent=region, name=Localized(ar="الجبل", fr="Le Mont"))
        name = Localized(ar="شفشاون", fr="Chefchaouen")
        self.place = make.place(SLUG, parent=province, name=name, search="شفشاون chefchaouen")
        make.charter()
        self.national = make.holder(Role.NATIONAL, make.country(), "Nadia")
        self.wilaya = make.holder(Role.WILAYA, province, "Walid")
        self.finished = make.project(make.programme(make.place("tetouan"), status="adopted"), activities=0)
        make.proof(make.activity(self.finished, status="completed", ended_on=self.today))
        self.neighbour = make.focal_point(self.finished.place, "Bouchra")
        self.peer = make.focal_point(make.member(make.place("agadir")).place, "Driss")
        self.coach = make.coach("Karima").person
        self.focal: Person

    def on(self, day: int) -> date:
        return self.today + timedelta(days=day)

    def told(self) -> None:
        """Every act."""
        with self.travel(0):
            self.a_call_is_opened()
            self.a_president_applies_without_an_account()
        with self.travel(3):
            self.the_wilaya_advises_and_the_national_team_accepts()
            self.the_charter_is_signed()
        with self.travel(20):
            self.a_training_is_announced_and_filled()
        with self.travel(30):
            self.whoever_came_takes_a_certificate()
        with self.travel(31):
            self.help_is_asked_for_and_given()
        with self.travel(60):
            self.the_mission_ends()
            self.a_practice_is_shared_and_read_by_a_peer()
            self.it_is_adapted_elsewhere()

    def a_call_is_opened(self) -> None:
        national = self.read_as(self.national).open("/ar/calls/new/")
        national.send(
            title_ar="النداء الرابع",
            title_fr="Quatrième appel",
            text_ar="انضموا إلى الشبكة.",
            kinds="commune",
            opens_on=self.on(0),
            closes_on=self.on(30),
            new_cohort="2027",
        )
        national.send(to="/publish/")
        assert "النداء الرابع" in self.read_as(None).open("/ar/calls/").text

    def a_president_applies_without_an_account(self) -> None:
        visitor = self.read_as(None).open("/ar/calls/").follow("النداء الرابع")
        visitor.open(visitor.address + "apply/").send(email="president@example.org")
        calls.mail_link(Application.objects.get())  # what the worker does
        link = re.search(r"https?://[^/\s]+(/\S+/apply/\S+)", str(mail.outbox[-1].body))
        assert link, mail.outbox[-1].body
        visitor.open(link.group(1)).send(
            kind="commune",
            name="شفشاون",
            function="president",
            president_name="رئيسة الجماعة",
            decided_on=self.on(0),
            paper_council=File("مقرر.pdf", "application/pdf", PDF),
            why="نريد أن نعمل مع الساكنة في العلن.",
            focal_point_name="نقطة الارتكاز",
            focal_point_email="focal@example.org",
            deputy_name="النائبة",
            deputy_email="deputy@example.org",
            send=1,
        )
        assert Application.objects.get().status == Application.Status.SUBMITTED, visitor.text

    def the_wilaya_advises_and_the_national_team_accepts(self) -> None:
        application = Application.objects.get()
        review = f"/ar/calls/{application.call.number}/applications/{application.pk}/"
        self.read_as(self.wilaya).open(review).send(stance="favourable", text="جماعة نشيطة.")
        national = self.read_as(self.national).open(review)
        assert "جماعة نشيطة." in national.text
        national.send(outcome="accepted")
        self.focal = Person.objects.get(email="focal@example.org")
        assert self.focal.is_focal_point_of(self.place)

    def the_charter_is_signed(self) -> None:
        focal = self.read_as(self.focal).open(f"/ar/members/{SLUG}/").follow("تسجيل توقيع الميثاق")
        focal.send(signatory="رئيسة الجماعة", function_ar="رئيسة المجلس", signed_on=self.on(3))
        self.place.membership.refresh_from_db()
        assert self.place.membership.status == "active", focal.text
        assert "شفشاون" in self.read_as(None).open("/ar/members/?q=chefchaouen").text

    def a_training_is_announced_and_filled(self) -> None:
        national = self.read_as(self.national).open("/ar/c/morocco/meetings/new/")
        national.send(
            title_ar="تكوين على الإعداد المشترك",
            kind="training",
            influence="inform",
            venue_ar="الرباط",
            starts_at=f"{self.on(30)}T06:00",
            ends_at=f"{self.on(30)}T07:00",
            has_registration=FIRST,
            capacity=40,
        )
        training = self.read_as(self.focal).open("/ar/meetings/").follow("تكوين على الإعداد المشترك")
        training.open(training.address + "register/").send(name="نقطة ارتكاز شفشاون", collectivity="شفشاون")
        assert Registration.objects.get().status == "confirmed"

    def whoever_came_takes_a_certificate(self) -> None:
        registration = Registration.objects.get()
        desk = self.read_as(self.national).open(f"/ar/meetings/{registration.meeting_id}/check-in/")
        desk.send(to=f"/check-in/{receipt_shown(registration.code)}/")
        registration.refresh_from_db()
        assert registration.checked_in_at is not None, desk.text

    def help_is_asked_for_and_given(self) -> None:
        focal = self.read_as(self.focal)
        focal.open(f"/ar/meetings/registrations/{Registration.objects.get().code}/").follow("خذوا شهادة الحضور")
        assert focal.take(name="سعاد", language="ar").startswith(b"%PDF")
        code = Certificate.objects.get().code
        assert "تكوين على الإعداد المشترك" in self.read_as(None).open(f"/ar/verify/{code}/").text
        focal.open(f"{HOME}help/").send(theme=FIRST, text="كيف ننظم الورشة الأولى مع الجمعيات؟")
        national = self.read_as(self.national).open("/ar/pool/requests/").follow("البحث عن مواكب")
        national.send(coach=FIRST, starts_on=self.on(31), ends_on=self.on(59), goals="ورشة أولى ناجحة مع محضر منشور.")
        mission = Mission.objects.get()
        for person in (self.coach, self.focal):
            self.read_as(person).open(f"{HOME}missions/{mission.pk}/").send(to="/agree/")
        mission.refresh_from_db()
        assert mission.status == Mission.Status.RUNNING
        assert self.coach_again().coaches(self.place)

    def coach_again(self) -> Person:
        """The coach, with the roles held now."""
        return Person.objects.get(pk=self.coach.pk)

    def the_mission_ends(self) -> None:
        mission = Mission.objects.get()
        assert not self.coach_again().coaches(self.place)
        coach = self.read_as(self.coach).open(f"{HOME}missions/{mission.pk}/end/")
        coach.send(report="نظمنا الورشة وكتبنا محضرها.", change="الجمعيات تحضر الآن كل ورشة.")
        assert "الجمعيات تحضر الآن كل ورشة." in self.read_as(None).open(f"{HOME}missions/{mission.pk}/").text

    def a_practice_is_shared_and_read_by_a_peer(self) -> None:
        project = self.finished
        neighbour = self.read_as(self.neighbour)
        neighbour.open(f"/ar/c/{project.place.slug}/projects/{project.number}/").send(to="/practice/")
        practice = Practice.objects.get()
        neighbour.open(f"/ar/practices/{practice.pk}/redraft/")
        told = {"done": "رقمنا كل عمود.", "change": "الأعطاب تصلح في يومين.", "evidence": "سجل التبليغات."}
        neighbour.send(title=PRACTICE, conditions="مصلحة تجيب.", contact="مصلحة الإنارة", **told)
        neighbour.open(f"/ar/practices/{practice.pk}/").send(to="/hand-in/")
        peer = self.read_as(self.peer).open(f"/ar/practices/{practice.pk}/review/")
        peer.send(is_clear="yes", is_useful="yes", is_proved="yes", is_ready="yes", said="واضحة ومفيدة.")
        assert PRACTICE in self.read_as(None).open("/ar/practices/").text

    def it_is_adapted_elsewhere(self) -> None:
        programme = make.programme(self.place)
        practice = Practice.objects.get()
        focal = self.read_as(self.focal).open(f"/ar/practices/{practice.pk}/adapt/")
        focal.send(axis=FIRST)
        project = Project.objects.get(programme=programme)
        there = self.read_as(None).open(f"{HOME}projects/{project.number}/").text
        assert PRACTICE in there, there
        here = self.read_as(None).open(f"/ar/practices/{practice.pk}/").text
        assert "شفشاون" in here, here

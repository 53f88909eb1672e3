"""The story of an association: registered by one of its people, verified by the collectivity, spoken for by several,
seated on the committee; what it gives bears its name. It goes through pages only, whoever reads them."""

from infitah.ground.accounts.models import Person
from infitah.ground.organisations.models import Organisation
from infitah.journey.consultation.models import Opinion
from infitah.journey.ideas.models import Idea
from infitah.journey.programmes.models import Committee, Programme
from infitah.outlook.website import actions as website
from tests import make
from tests.stories.readers import FIRST
from tests.stories.story import As

HOME = "/ar/c/tetouan/"
NAME = "جمعية الحي المنفتح"


class Associations:
    """The people of the story, and its acts in their order. `read_as(person)` gives the pages of that person."""

    def __init__(self, read_as: As) -> None:
        self.read_as = read_as
        place = make.place("tetouan")
        self.programme = make.programme(place, opened="ideas")
        self.focal = make.focal_point(place)
        self.amal = make.person("Amal")
        self.page = ""
        self.bilal: Person

    def told(self) -> None:
        """Every act."""
        self.it_is_registered_and_verified()
        self.another_is_invited_and_accepts()
        self.an_idea_is_given_and_talked_about_in_its_name()
        self.it_is_given_a_seat()
        self.an_opinion_and_a_rating_are_given_in_its_name()
        self.all_it_gave_stands_on_its_page()
        self.the_mark_is_taken_back_with_a_reason()

    def it_is_registered_and_verified(self) -> None:
        amal = self.read_as(self.amal).open(HOME).follow("الجمعيات والهيئات").follow("تسجيل هيئتكم")
        amal.send(name_ar=NAME, kind="association", text="نشرح الميزانية لسكان الأحياء.")
        self.page = f"/ar/organisations/{Organisation.objects.get().pk}/"
        assert NAME not in self.read_as(None).open(f"{HOME}organisations/").text
        focal = self.read_as(self.focal).open("/ar/workbench/")
        assert "هيئة واحدة تنتظر التوثيق" in focal.text
        focal.open(f"{HOME}organisations/").follow(NAME).send(to="/verify/")
        assert NAME in self.read_as(None).open(f"{HOME}organisations/").follow(NAME).text
        website.index()  # what the worker does
        assert NAME in self.read_as(None).open("/ar/search/?q=الحي المنفتح").text

    def another_is_invited_and_accepts(self) -> None:
        self.read_as(self.amal).open(f"{self.page}speakers/").send(email="bilal@example.org")
        self.bilal = Person.objects.get(email="bilal@example.org")
        Person.objects.filter(pk=self.bilal.pk).update(pseudonym="Bilal")
        self.read_as(self.bilal).open("/ar/workbench/").follow("اطلعوا").send(to="/accept/")
        assert "Bilal" in self.read_as(self.amal).open(f"{self.page}speakers/").text

    def an_idea_is_given_and_talked_about_in_its_name(self) -> None:
        bilal = self.read_as(self.bilal).open(f"{HOME}ideas/new/")
        words = {"problem": "لا أحد يفهم أرقام الميزانية.", "solution": "لقاء في كل حي لشرح الميزانية."}
        bilal.send(axis=FIRST, **words, organisation=FIRST)  # in the order of the steps
        idea = f"{HOME}ideas/{Idea.objects.get().number}/"
        self.read_as(self.amal).open(idea).send(text="ونحن مستعدون لتنشيطه.", organisation=FIRST)
        read = self.read_as(None).open(idea).text
        assert read.count(NAME) == 2 and "Bilal" not in read and "Amal" not in read

    def it_is_given_a_seat(self) -> None:
        focal = self.read_as(self.focal).open(f"{HOME}programme/setup/committee/")
        focal.send(set_up_on="2026-03-01")
        organisation = Organisation.objects.get().pk
        sent = {"name": "أمل", "function_ar": "نائبة الرئيسة", "since": "2026-03-01", "email": str(self.amal.email)}
        focal.send(side="civil", organisation=organisation, **sent)
        assert Committee.objects.get().seats.get().person == self.amal
        assert NAME in self.read_as(None).open(f"{HOME}committee/").text

    def an_opinion_and_a_rating_are_given_in_its_name(self) -> None:
        project = make.project(self.programme)
        make.draft(self.programme)
        self.read_as(self.bilal).open(f"{HOME}consultation/projects/{project.number}/").send(
            stance="agree", organisation=FIRST
        )
        assert Opinion.objects.get().people == 1
        Programme.objects.update(status="adopted")
        rate = f"{HOME}projects/{project.number}/activities/1/"
        self.read_as(self.amal).open(rate).send(completion="limited", text="بدأ فقط.", organisation=FIRST)
        assert NAME in self.read_as(None).open(rate).text

    def all_it_gave_stands_on_its_page(self) -> None:
        visitor = self.read_as(None).open(self.page)
        assert "لقاء في كل حي لشرح الميزانية." in visitor.text and "نائبة الرئيسة" in visitor.text
        for kind, words in {"comments": "ونحن مستعدون", "opinions": "أوافق", "ratings": "بدأ فقط."}.items():
            assert words in visitor.open(f"{self.page}?given={kind}").text

    def the_mark_is_taken_back_with_a_reason(self) -> None:
        focal = self.read_as(self.focal).open(self.page).follow("سحب التوثيق")
        focal.send(reason="لم تعد الجمعية تنشط هنا.")
        assert "لم تعد الجمعية تنشط هنا." in self.read_as(None).open(self.page).text
        assert "لم تعد موثقة" in self.read_as(None).open(f"{HOME}ideas/1/").text
        assert "باسم من؟" not in self.read_as(self.bilal).open(f"{HOME}ideas/1/").text

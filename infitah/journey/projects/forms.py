from typing import Any

from django import forms
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext_lazy as _

from infitah.ground.areas import queries as areas
from infitah.ground.areas.models import PolicyArea
from infitah.journey.ideas.models import Idea, Outcome
from infitah.journey.ideas.queries import Filters, latest_decision
from infitah.journey.programmes.models import Axis, Programme
from infitah.lib.forms import LEAST, SHORTEST, LocalizedFormField, day, key, meaningful, seen, words
from infitah.lib.i18n import Localized
from infitah.lib.states import mark

from .models import Funding, OgpValue, Principle, Project, Theme

IN_A_PROJECT, NEW_PROJECT, GROUP = "kept", "new", "group"
LONGEST = 200  # of a title


def reason() -> forms.CharField:
    """A field for what the authors of ideas are told; kept in a project, they are at least told which."""
    help_text = _("The authors and everyone else will read it. Kept in a project, it may stay empty.")
    return words(_("Reason"), help_text, rows=2, required=False, shortest=LEAST)


class Answer(forms.Form):
    """What becomes of the ideas ticked on the board."""

    ideas = forms.ModelMultipleChoiceField(
        Idea.objects.none(), label=_("Ideas"), error_messages={"required": _("Tick at least one idea.")}
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=latest_decision)
    outcome = forms.ChoiceField(label=_("The ideas ticked are…"))
    reason = reason()

    def __init__(self, programme: Programme, projects: list[Project], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.projects = {f"{IN_A_PROJECT}:{project.number}": project for project in projects}
        self.fields["ideas"].queryset = Idea.objects.filter(programme=programme)  # type: ignore[attr-defined]
        kept = [(key, f"{project.number}. {project.title}") for key, project in self.projects.items()]
        others = [choice for choice in Outcome.choices if choice[0] != Outcome.KEPT]
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            (_("Kept"), [(NEW_PROJECT, _("in a new project made from them")), *kept]),
            (_("Not in a project"), others),
            (_("Not answered yet"), [(GROUP, _("the same idea: group them under the one with most supports"))]),
        ]

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if self.cleaned_data.get("outcome") not in {Outcome.COVERED, Outcome.OUTSIDE, Outcome.NOT_KEPT}:
            return reason
        if not reason:
            raise forms.ValidationError(_("Give the reason: the author and everyone else will read it."))
        return meaningful(reason)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("outcome") == GROUP and len(given.get("ideas", [])) < 2:
            self.add_error("ideas", _("Tick the ideas that say the same: at least two."))
        return given

    def project(self) -> Project | None:
        """The project in which the ideas are kept, if it exists."""
        return self.projects.get(self.cleaned_data["outcome"])


class Filter(forms.Form):
    """What the ideas of the board are narrowed to."""

    q = forms.CharField(label=_("Words"), required=False, widget=forms.SearchInput, max_length=100)
    axis = forms.ModelChoiceField(Axis.objects.none(), label=_("Axis"), required=False, empty_label=_("All axes"))

    def __init__(self, programme: Programme, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["axis"].queryset = programme.axes.all()  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """What was chosen; an impossible choice narrows nothing."""
        self.is_valid()
        axis = self.cleaned_data.get("axis")
        return {"q": self.cleaned_data.get("q") or "", "axis": axis.pk if axis else None}


class Sheet(forms.Form):
    """A project, section by section."""

    key = key()
    ideas = forms.ModelMultipleChoiceField(
        Idea.objects.none(), required=False, label=_("Ideas kept in it"), widget=forms.CheckboxSelectMultiple
    )
    reason = reason()
    axis = forms.ModelChoiceField(Axis.objects.none(), label=_("Axis"), required=False, empty_label=_("Not chosen yet"))
    title = LocalizedFormField(label=_("Title"), max_length=LONGEST)
    problem = LocalizedFormField(label=_("Which problem does it answer?"), rows=3, required=False)
    solution = LocalizedFormField(label=_("What will be done?"), rows=3, required=False)
    results = LocalizedFormField(label=_("Expected results"), rows=3, required=False)
    change = LocalizedFormField(
        label=_("What rule or routine will change?"),
        help_text=_("What will be done differently from now on, and stay so when the project is over?"),
        rows=2,
        required=False,
    )
    principles = forms.MultipleChoiceField(
        choices=Principle.choices, label=_("Principles"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ogp_values = forms.MultipleChoiceField(
        choices=OgpValue.choices,
        label=_("Values of the Open Government Partnership"),
        help_text=_("Technology counts only in addition to one of the three others."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    policy_areas = forms.ModelMultipleChoiceField(
        PolicyArea.objects.none(),
        label=_("Policy areas"),
        help_text=_("Of the Open Government Partnership, which counts by them worldwide. One or two are enough."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    service = LocalizedFormField(label=_("Service in charge"), max_length=LONGEST, required=False)
    partners = LocalizedFormField(label=_("Partners"), rows=2, required=False)
    reference = forms.RegexField(
        r"^[A-Za-z0-9./ -]*$",
        label=_("Number in an outside plan"),
        help_text=_(
            "As MATET0003 in OGP Local, or MO0065 in the national plan. Collectivities that lead a project together "
            "give the same number."
        ),
        max_length=20,
        required=False,
    )
    budget = forms.DecimalField(
        label=_("Budget, in dirhams"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    funding = forms.ChoiceField(
        label=_("Funding"), choices=[("", _("Not known yet")), *Funding.choices], required=False
    )
    plan_line = LocalizedFormField(
        label=_("Line of the action or development programme that it serves"),
        help_text=_("Of the communal action programme (PAC) or the regional development programme (PDR)."),
        rows=1,
        max_length=400,
        required=False,
    )
    starts_on = day(_("Begins on"), required=False)
    ends_on = day(_("Ends on"), required=False)

    SECTIONS = [
        (_("What it is"), ["axis", "title", "problem", "solution", "ideas", "reason"]),
        (_("What it opens"), ["results", "change", "principles", "ogp_values", "policy_areas", "themes"]),
        (
            _("Who and with what"),
            ["service", "partners", "reference", "budget", "funding", "plan_line", "starts_on", "ends_on"],
        ),
    ]

    def __init__(self, programme: Programme, *arguments: Any, ideas: list[Idea] | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["axis"].queryset = programme.axes.all()  # type: ignore[attr-defined]
        offered: Any = self.fields["policy_areas"]
        offered.queryset = areas.to_choose(self.initial.get("policy_areas", ()))
        offered.choices = areas.choices(offered.queryset)
        if ideas:
            chosen = Idea.objects.filter(pk__in=[idea.pk for idea in ideas], programme=programme)
            self.fields["ideas"].queryset = chosen  # type: ignore[attr-defined]
            self.initial["ideas"] = [idea.pk for idea in ideas]
        else:
            del self.fields["ideas"], self.fields["reason"]

    def sections(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """Each section with its fields, and whether something in it is wrong."""
        found = []
        for name, fields in self.SECTIONS:
            bound = [self[field] for field in fields if field in self.fields]
            found.append((name, bound, any(field.errors for field in bound)))
        return found

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).upper()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("ogp_values") == [OgpValue.TECHNOLOGY]:
            sentence = _("Technology counts only in addition: choose one of the other values as well.")
            self.add_error("ogp_values", sentence)
        begins, ends = given.get("starts_on"), given.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("A project ends after it begins."))
        return given


class Rewriting(Sheet):
    """The same, of a project that exists."""

    key = None
    seen = seen()

    def __init__(self, project: Project, *arguments: Any, **options: Any) -> None:
        names = [name for _title, fields in self.SECTIONS for name in fields if name not in {"ideas", "reason"}]
        given = {name: getattr(project, name) for name in names}
        given |= {name: getattr(project, name).all() for name in ("themes", "policy_areas")}
        given |= {"budget": floatformat(project.budget, "-2u")}
        super().__init__(project.programme, *arguments, initial={**given, "seen": mark(project, *names)}, **options)


class Row(forms.Form):
    """One activity of the sheet; a row left empty is none."""

    activity = forms.IntegerField(widget=forms.HiddenInput, required=False)  # its own id: a number is given again
    title = LocalizedFormField(label=_("Activity"), max_length=LONGEST)
    owner = LocalizedFormField(label=_("Service in charge"), max_length=LONGEST, required=False)
    planned_from = day(_("From"))
    planned_until = day(_("Until"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        begins, ends = given.get("planned_from"), given.get("planned_until")
        if begins and ends and ends < begins:
            self.add_error("planned_until", _("An activity ends after it begins."))
        return given

    def fields_given(self) -> dict[str, Any]:
        """What `actions.plan` and `actions.replan` ask for."""
        return {name: self.cleaned_data[name] for name in ("title", "owner", "planned_from", "planned_until")}


class Aim(forms.Form):
    """One indicator of the sheet."""

    name = LocalizedFormField(label=_("Indicator"), max_length=LONGEST)
    baseline = forms.CharField(label=_("Baseline"), max_length=60, required=False)
    target = forms.CharField(label=_("Target"), max_length=60)
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)


class Reason(forms.Form):
    """Why a project is set aside."""

    reason = words(
        _("Why is it set aside?"),
        _("Those whose ideas it held read it; their ideas wait for another answer."),
        rows=2,
        longest=2000,
        shortest=SHORTEST,
    )


class Opened(forms.Form):
    """What the sheets of rows bear besides their rows."""

    seen = seen()


Rows = forms.formset_factory(Row, extra=3, can_delete=True, max_num=200, absolute_max=200)
Aims = forms.formset_factory(Aim, extra=2, can_delete=True, max_num=50, absolute_max=50)


def rows_of(project: Project) -> list[dict[str, Any]]:
    """What the sheet of activities begins with."""
    names = ["title", "owner", "planned_from", "planned_until"]
    standing = project.activities.all()
    return [{"activity": one.pk, **{name: getattr(one, name) for name in names}} for one in standing]


def aims_of(project: Project) -> list[dict[str, Any]]:
    """What the sheet of targets begins with."""
    names = ["name", "baseline", "target", "unit"]
    return [{name: getattr(target, name) for name in names} for target in project.targets.all()]


def written(rows: Any) -> list[tuple[int, dict[str, Any] | None]]:
    """What `actions.arrange` asks for."""
    given = [(row, row.cleaned_data) for row in rows.forms if row.cleaned_data]
    return [(said.get("activity") or 0, None if said.get("DELETE") else row.fields_given()) for row, said in given]


def aimed(rows: Any) -> list[dict[str, Any]]:
    """What `actions.aim` asks for."""
    names = ["name", "baseline", "target", "unit"]
    kept = [row.cleaned_data for row in rows.forms if row.cleaned_data and not row.cleaned_data.get("DELETE")]
    return [{name: given[name] for name in names} for given in kept]


def draft_from(ideas: list[Idea]) -> dict[str, Any]:
    """What a project made from ideas begins with: their axis, and their words in the language they are in."""
    words: dict[str, dict[str, list[str]]] = {"problem": {}, "solution": {}}
    for idea in ideas:
        code = "fr" if idea.language == "fr" else "ar"
        for name, said in words.items():
            said.setdefault(code, []).append(getattr(idea, name))
    joined = {name: Localized({code: "\n".join(said) for code, said in found.items()}) for name, found in words.items()}
    return {**joined, "axis": ideas[0].axis_id if ideas else None}

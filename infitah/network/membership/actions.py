from collections.abc import Iterator
from datetime import date
from itertools import chain, zip_longest
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotPossible, require
from infitah.lib.files import Checked, kept
from infitah.lib.i18n import Localized
from infitah.lib.states import lock, move

from . import queries, rules
from .models import Adhesion, Change, Charter, Cohort, HandOver, Member

# -- joining, signing, leaving ---------------------------------------------------------------------


@transaction.atomic
def admit(
    place: Territory,
    cohort: Cohort,
    *,
    by: Person | None,
    is_demonstration: bool = False,
    reason: Localized | None = None,
    on: date | None = None,
    document: Checked | None = None,
) -> Member:
    """Admit a collectivity to a cohort, or once more after it has left; it is active once it has signed the charter."""
    place = lock(place)
    require(rules.can_admit(by, place))
    said = _("Only a collectivity that exists today can join the network.")
    require(place.is_collectivity and place.valid_until is None, NotPossible(said))
    member = Member.objects.filter(place=place).first()
    if member is None:
        member = Member.objects.create(place=place, cohort=cohort, is_demonstration=is_demonstration)
    else:
        has_left = member.status == Member.Status.LEFT
        require(has_left, NotPossible(_("This collectivity is already a member of the network.")))
        move(member, Member.Status.ADMITTED)
        member.cohort, member.joined_on = cohort, None
        member.save(update_fields=["cohort", "joined_on"])
    today, why = timezone.localdate(), reason or Localized()
    _turn(member, "member.admitted", document, by=by, reason=why, changed_on=on or today)
    return member


def _turn(member: Member, said: str, document: Checked | None, *, by: Person | None, **about: Any) -> None:
    """Write down what the member has become: its `reason` and `changed_on`, with the document that says so."""
    with kept(document, "documents") as name:
        sha256 = document.sha256 if document else ""
        about |= {"cohort": member.cohort, "document": name, "document_sha256": sha256}
        Change.objects.create(member=member, status=member.status, by=by, **about)
        told = {"cohort": member.cohort.number, "changed_on": str(about["changed_on"]), "sha256": sha256}
        ledger.record(said, by=by, on=member, place=member.place, **told)


@transaction.atomic
def adhere(
    member: Member,
    *,
    charter: Charter,
    function: Localized,
    signed_on: date,
    by: Person | None,
    signatory: str = "",
    document: Checked | None = None,
    key: UUID | None = None,
) -> Adhesion:
    """Record who signed which version of the charter, when, in which function, with the signed document."""
    member = lock(member)
    require(rules.can_adhere(by, member))
    known = member.adhesions.filter(key=key).first() if key else None
    if known:
        return known
    require(charter.published_at is not None, NotPossible(_("This version of the charter is not published yet.")))
    require(member.status != Member.Status.LEFT, NotPossible(_("This member has left the network.")))
    is_new = not member.adhesions.standing().filter(charter=charter).exists()
    require(is_new, NotPossible(_("This member has already signed this version of the charter.")))
    with kept(document, "adhesions") as name:
        adhesion = Adhesion.objects.create(
            member=member,
            charter=charter,
            signatory=signatory,
            function=function,
            signed_on=signed_on,
            document=name,
            document_sha256=document.sha256 if document else "",
            recorded_by=by,
            key=key or uuid4(),
        )
        if member.status == Member.Status.ADMITTED:
            move(member, Member.Status.ACTIVE)
            member.joined_on = signed_on
            member.save(update_fields=["joined_on"])
        particulars = {"version": charter.version, "signed_on": str(signed_on), "sha256": adhesion.document_sha256}
        ledger.record("charter.signed", by=by, on=adhesion, place=member.place, **particulars)
    return adhesion


def rest(member: Member, *, by: Person | None, **about: Any) -> Member:
    """The member does nothing for a while; it stays a member. `about`: `reason`, and if known `on` and `document`."""
    return _become(member, Member.Status.DORMANT, "member.rested", by, **about)


def wake(member: Member, *, by: Person | None, **about: Any) -> Member:
    """The member is active again."""
    return _become(member, Member.Status.ACTIVE, "member.woken", by, **about)


def leave(member: Member, *, by: Person | None, **about: Any) -> Member:
    """The member leaves; what it did and signed stays public."""
    return _become(member, Member.Status.LEFT, "member.left", by, **about)


@transaction.atomic
def _become(
    member: Member,
    status: Member.Status,
    said: str,
    by: Person | None,
    *,
    reason: Localized,
    on: date | None = None,
    document: Checked | None = None,
) -> Member:
    member, today = lock(member), timezone.localdate()
    day = on or today
    require(rules.can_move(by, member))
    require(member.status != Member.Status.ADMITTED, NotPossible(_("This member has not signed the charter yet.")))
    require(bool(reason), NotPossible(_("Say why: the reason is public.")))
    require(queries.last_change(member) <= day <= today, NotPossible(_("This day comes before the last change.")))
    move(member, status)
    if status == Member.Status.LEFT:
        member.adhesions.standing().update(ended_on=day)
    _turn(member, said, document, by=by, reason=reason, changed_on=day)
    return member


# -- versions of the charter, cohorts ----------------------------------------------------------------


@transaction.atomic
def draft_charter(*, by: Person | None, **words: Any) -> Charter:
    """Keep the next version as it is worded so far: `text`, `commitments`, `in_force_on`, `source`."""
    require(rules.can_word_charter(by))
    last = Charter.objects.select_for_update(of=("self",)).order_by("-version").first()
    if last and last.published_at is None:
        for name, value in words.items():
            setattr(last, name, value)
        last.save(update_fields=list(words))
        return last
    return Charter.objects.create(version=last.version + 1 if last else 1, published_at=None, **words)


@transaction.atomic
def publish_charter(charter: Charter, *, by: Person | None) -> Charter:
    """From now on nobody changes the text; the members are asked to adhere again."""
    charter = lock(charter)
    require(rules.can_word_charter(by))
    require(charter.published_at is None, NotPossible(_("This version is published: it is never changed.")))
    is_whole = queries.is_whole(charter)
    require(is_whole, NotPossible(_("Write the text and each commitment in Arabic, French and English first.")))
    has_passed = charter.in_force_on < timezone.localdate()
    require(not has_passed, NotPossible(_("The day from which it is in force has passed. Choose another.")))
    earlier = Charter.objects.published().aggregate(latest=Max("in_force_on"))["latest"]
    follows = earlier is None or charter.in_force_on > earlier
    require(follows, NotPossible(_("It must be in force later than the version before it.")))
    charter.published_at, charter.published_by = timezone.now(), by
    charter.save(update_fields=["published_at", "published_by"])
    ledger.record("charter.published", by=by, on=charter, version=charter.version, in_force_on=str(charter.in_force_on))
    return charter


@transaction.atomic
def plan_cohort(
    number: int, *, by: Person | None, label: str, enrolled_on: date, source: str = "", cohort: Cohort | None = None
) -> Cohort:
    """Open a cohort, or word one anew: its members stay."""
    require(rules.can_plan_cohort(by))
    same = Cohort.objects.filter(number=number).first()
    require(same is None or same == cohort, NotPossible(_("There is a cohort of this number already.")))
    cohort = lock(cohort) if cohort else Cohort()
    cohort.number, cohort.label, cohort.enrolled_on, cohort.source = number, label, enrolled_on, source
    cohort.save()
    ledger.record("cohort.planned", by=by, on=cohort, number=number, enrolled_on=str(enrolled_on))
    return cohort


# -- hand-over -----------------------------------------------------------------------------------------


@transaction.atomic
def hand_over(
    place: Territory,
    *,
    by: Person | None,
    role: str,
    outgoing: Person | None,
    to: Person | str,
    on: date,
    note: str = "",
    language: str = "ar",
    key: UUID | None = None,
) -> HandOver:
    """Name who takes over the role, by their account or their address; naming again before the day replaces."""
    place = lock(place)
    require(rules.can_name_successor(by, place))
    known = HandOver.objects.filter(place=place, key=key).first() if key else None
    if known:
        return known
    named = accounts.invite(to) if isinstance(to, str) else to
    before = place.hand_overs.to_come().filter(role=role, outgoing=outgoing).first()
    accounts.hand_over(
        role, place, to=named, by=by, outgoing=outgoing, on=on, instead_of=before.incoming if before else None
    )
    if before:
        before.replaced_at = timezone.now()
        before.save(update_fields=["replaced_at"])
        ledger.record("role.recalled", by=by, on=before, place=place, role=role)
    words: dict[str, Any] = {"note": note, "language": language, "key": key or uuid4()}
    made = HandOver.objects.create(
        place=place, role=role, outgoing=outgoing, incoming=named, handed_on=on, by=by, **words
    )
    ledger.record("role.handed_over", by=by, on=made, place=place, role=role, since=str(on))
    return made


@transaction.atomic
def acknowledge(hand_over: HandOver, *, by: Person | None) -> HandOver:
    """Whoever takes over has read everything; saying so twice is saying it once."""
    hand_over = lock(hand_over)
    require(rules.can_acknowledge(by, hand_over))
    require(hand_over.replaced_at is None, NotPossible(_("Somebody else has been named in the meantime.")))
    if hand_over.acknowledged_at is None:
        hand_over.acknowledged_at = timezone.now()
        hand_over.save(update_fields=["acknowledged_at"])
        ledger.record("role.acknowledged", by=by, on=hand_over, place=hand_over.place, role=hand_over.role)
    return hand_over


# -- the charter and the cohorts as they are -------------------------------------------------------

SOURCE_CHARTER = "https://ctouvertes.collectivites-territoriales.gov.ma/a-propos.php?lang=en"
SOURCE_MO0065 = "https://www.opengovpartnership.org/members/morocco/commitments/MO0065"
SOURCE_THIRD_CALL = (
    "https://aujourdhui.ma/actualite/dgct-le-reseau-marocain-des-collectivites-territoriales-ouvertes-sagrandit"
)
COHORTS = [
    (1, "2022-2023", date(2022, 10, 21), SOURCE_MO0065),
    (2, "2024", date(2024, 1, 1), SOURCE_MO0065),
    (3, "2025", date(2025, 1, 1), SOURCE_THIRD_CALL),
]
CHARTER = Localized(
    ar="ميثاق يوقعه كل عضو عند انضمامه إلى الشبكة. قيمتان تجمعان الأعضاء: تبادل الممارسات الجيدة والأدوات، "
    "والحوار حول التحديات المشتركة. وبتوقيعه يلتزم العضو بخمسة أمور.",
    fr="La charte que chaque membre signe en rejoignant le réseau. Deux valeurs réunissent les membres : l’échange de "
    "bonnes pratiques et d’outils, et le dialogue sur les défis communs. En la signant, un membre prend cinq "
    "engagements.",
    en="The charter that every member signs on joining the network. Two values bring the members together: the "
    "exchange of good practices and tools, and dialogue on shared challenges. By signing, a member makes five "
    "commitments.",
)
COMMITMENTS = [
    {
        "id": "C1",
        "ar": "احترام المعايير المعمول بها في مجال الشفافية والولوج إلى المعلومة والمساءلة والمشاركة والتحول الرقمي "
        "والابتكار",
        "fr": "Respecter les normes en vigueur (transparence, accès à l’information, redevabilité, participation, "
        "numérique, innovation)",
        "en": "Respect the norms in force on transparency, access to information, accountability, participation, "
        "digital transformation and public innovation",
    },
    {
        "id": "C2",
        "ar": "تنفيذ برامج الانفتاح بإشراك المجتمع المدني المحلي وكل الأطراف في جميع المراحل",
        "fr": "Réaliser des programmes d’ouverture avec la société civile et les parties prenantes à toutes les étapes",
        "en": "Carry out openness programmes with local civil society and all stakeholders at every step",
    },
    {
        "id": "C3",
        "ar": "ضمان التنفيذ الفعلي لبرامج الانفتاح وتتبعها وتقييمها بإشراك المجتمع المدني",
        "fr": "Assurer la mise en œuvre effective, le suivi et l'évaluation avec la société civile",
        "en": "Ensure effective implementation, monitoring and evaluation of the programmes, with civil society",
    },
    {
        "id": "C4",
        "ar": "خلق تآزر ترابي لتقوية التعاون مع باقي الجماعات الترابية",
        "fr": "Créer une synergie territoriale et coopérer avec les autres collectivités",
        "en": "Build territorial synergy: cooperation with other territorial entities",
    },
    {
        "id": "C5",
        "ar": "المساهمة في إشعاع الجماعات الترابية المغربية وطنيا وقاريا ودوليا",
        "fr": "Contribuer au rayonnement des collectivités marocaines",
        "en": "Contribute to the visibility of Moroccan collectivities at national, continental and international "
        "level",
    },
]


@transaction.atomic
def import_charter() -> Charter:
    """The first version of the charter and the three cohorts, from public sources; doing it twice changes nothing."""
    for number, label, enrolled_on, source in COHORTS:
        known = {"label": label, "enrolled_on": enrolled_on, "source": source}
        Cohort.objects.get_or_create(number=number, defaults=known)
    text = {"text": CHARTER, "commitments": COMMITMENTS, "in_force_on": COHORTS[0][2], "source": SOURCE_CHARTER}
    charter, is_new = Charter.objects.get_or_create(version=1, defaults=text)
    if is_new:
        ledger.record("charter.published", by=None, on=charter, version=charter.version)
    return charter


# -- the members of a demonstration ----------------------------------------------------------------

# Named, with their cohort, by public sources; all others below are chosen, and marked as demonstration.
NAMED = {
    1: ["province-sefrou", "agadir", "ait-melloul", "ben-guerir"],
    2: ["fnideq"],
    3: ["province-larache", "tafraout"],
}
# Named by public sources as taking part, without their cohort.
LIKELY: dict[int, list[str]] = {1: ["tetouan", "sale", "marrakech", "khemisset", "argana"], 2: [], 3: ["al-aaroui"]}
COMPOSITION = {1: (12, 4, 47), 2: (0, 3, 60), 3: (0, 10, 92)}  # regions, provinces, communes
PROVINCES_OF_THIRD = 43
REGIONS, PROVINCES, COMMUNES = {"region"}, {"prefecture", "province"}, {"commune"}
SMALLEST = 1000  # people, of a commune chosen for a demonstration
PRESIDENT = Localized(ar="رئاسة المجلس", fr="Présidence du conseil", en="Presidency of the council")


def import_cohorts(*, by: Person) -> int:
    """Admit the 228 members by their real numbers (63, 63, 102), those that no source names chosen and marked so.

    Signed by function only, on the day of their cohort. Gives how many were added; doing it twice adds none.
    """
    charter = import_charter()
    cohorts = {cohort.number: cohort for cohort in Cohort.objects.all()}
    present = set(Member.objects.values_list("place_id", flat=True))
    added = 0
    for number, place in _composition():
        if place.pk not in present:
            is_named = place.kind == Territory.Kind.REGION or place.slug in NAMED[number]
            day = cohorts[number].enrolled_on
            member = admit(place, cohorts[number], by=by, is_demonstration=not is_named, on=day)
            adhere(member, charter=charter, function=PRESIDENT, signed_on=day, by=by)
            added += 1
    return added


def _composition() -> Iterator[tuple[int, Territory]]:
    """Each member of a demonstration with its cohort, the same ones every time, spread over all regions."""
    places = {place.slug: place for place in Territory.objects.select_related("parent").filter(is_collectivity=True)}
    queues = _queues(list(places.values()))
    first = {number: [places[slug] for slug in (*NAMED[number], *LIKELY[number])] for number in COMPOSITION}
    taken = set(chain.from_iterable(first.values()))
    for number, (regions, provinces, communes) in COMPOSITION.items():
        chosen = first[number]
        seats = [seat for seat, communes in queues.items() if len(set(communes) - taken) > 1]
        if number == 3:
            seats = list(dict.fromkeys([_province(place) for place in chosen] + seats))[:PROVINCES_OF_THIRD]
        free = [[place for place in queues[seat] if place not in taken] for seat in seats]
        in_turn = [place for row in zip_longest(*free) for place in row if place]
        chosen = _fill(chosen, [place for place in places.values() if place.kind in REGIONS], REGIONS, regions)
        chosen = _fill(chosen, [seat for seat in seats if seat not in taken], PROVINCES, provinces)
        chosen = _fill(chosen, in_turn, COMMUNES, communes)
        taken |= set(chosen)
        yield from ((number, place) for place in chosen)


def _queues(places: list[Territory]) -> dict[Territory, list[Territory]]:
    """The provinces, one of each region in turn, each with its communes, a town and a rural one in turn, by size."""
    by_size = sorted(places, key=lambda place: -(place.population or 0))
    regions = [place for place in places if place.kind in REGIONS]
    of_regions = [[place for place in by_size if place.parent_id == region.pk] for region in regions]
    queues = {}
    for province in (place for row in zip_longest(*of_regions) for place in row if place):
        communes = [p for p in by_size if p.parent_id == province.pk and (p.population or 0) >= SMALLEST]
        towns, rural = ([place for place in communes if place.is_urban is kind] for kind in (True, False))
        queues[province] = [place for pair in zip_longest(towns, rural) for place in pair if place]
    return queues


def _province(place: Territory) -> Territory:
    return place.parent if place.kind in COMMUNES and place.parent else place


def _fill(chosen: list[Territory], candidates: list[Territory], kinds: set[str], many: int) -> list[Territory]:
    """The chosen, and as many candidates as make `many` of those kinds."""
    lacking = many - sum(place.kind in kinds for place in chosen)
    return chosen + [place for place in candidates if place not in chosen][:lacking]

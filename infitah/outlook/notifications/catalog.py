"""What each action of the ledger is told as, and to whom."""

from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext_lazy as _

from infitah.outlook.sentences.queries import Words


class To(Enum):
    """Who is told."""

    AUTHOR = auto()  # of the contribution, at once
    FOLLOWERS = auto()  # of the thing, in a digest
    PLACE = auto()  # followers of the collectivity, in a digest
    CONCERNED = auto()  # those whom it concerns by their role, at once
    RUNNERS = auto()  # the same, in a digest: much of it comes in one evening
    EXPECTED = auto()  # those who have a place at the meeting, at once
    REGISTERED = auto()  # they, and those who wait for a place
    NATIONAL = auto()  # the national team, at once
    NETWORK = auto()  # focal points and deputies of all members, in their weekly letter


@dataclass(frozen=True)
class Told:
    """What is said to whom of an action."""

    to: To
    words: Words


TO_READ = _("An application to join has been sent: it waits for you to read it.")
NOTICES: dict[str, list[Told]] = {
    "announcement.sent": [Told(To.AUTHOR, _("The national team writes to you."))],  # whom, its own action says
    "idea.decided": [
        Told(To.AUTHOR, _("Your idea has an answer.")),
        Told(To.FOLLOWERS, _("An idea that you follow has an answer.")),
    ],
    "idea.grouped": [
        Told(To.AUTHOR, _("Your idea is grouped with similar ones and will be answered with them.")),
        Told(To.FOLLOWERS, _("An idea that you follow is grouped with similar ones.")),
    ],
    "idea.proposed": [Told(To.RUNNERS, _("A member of the follow-up committee proposes an answer to an idea."))],
    "coach.enrolled": [Told(To.AUTHOR, _("You are of the competency pool. Say what you offer."))],
    "help.asked": [Told(To.NATIONAL, _("A member asks the competency pool for help."))],
    "mission.proposed": [Told(To.CONCERNED, _("A mission is proposed: agree, or say why not."))],
    "mission.agreed": [Told(To.CONCERNED, _("One side agrees to the mission."))],
    "mission.begun": [Told(To.CONCERNED, _("The mission has begun."))],
    "mission.declined": [Told(To.CONCERNED, _("The mission was declined, with a reason."))],
    "mission.noted": [Told(To.CONCERNED, _("There is a new note on the mission."))],
    "mission.ended": [Told(To.CONCERNED, _("The mission has ended, and with it what the coach may do."))],
    "mission.cut_short": [Told(To.CONCERNED, _("The mission was stopped before its last day."))],
    "mission.reported": [Told(To.CONCERNED, _("The coach has filed the report. The member has the last word."))],
    "mission.judged": [Told(To.CONCERNED, _("The member has said its word on the mission."))],
    "opinion.replied": [Told(To.AUTHOR, _("Your opinion has an answer."))],
    "phase.opened": [Told(To.PLACE, _("A new step is open."))],
    "draft.opened": [Told(To.PLACE, _("The draft programme is open to your opinion."))],
    "programme.adopted": [Told(To.PLACE, _("The council adopted the programme."))],
    "programme.postponed": [Told(To.PLACE, _("The council put off its vote on the programme."))],
    "programme.rejected": [Told(To.PLACE, _("The council rejected the programme."))],
    "evaluation.published": [Told(To.PLACE, _("Both evaluations of the programme are published."))],
    "activity.reported": [Told(To.FOLLOWERS, _("A project that you follow reports on an activity."))],
    "evidence.added": [Told(To.FOLLOWERS, _("A project that you follow has new evidence."))],
    "activity.rated": [Told(To.FOLLOWERS, _("An activity of a project that you follow has a new rating."))],
    "project.reviewed": [
        Told(To.CONCERNED, _("An independent review of a project of your programme is published.")),
        Told(To.FOLLOWERS, _("A project that you follow has an independent review.")),
    ],
    "project.silent": [Told(To.FOLLOWERS, _("A project that you follow has said nothing for 120 days."))],
    "comment.said": [
        Told(To.AUTHOR, _("There is a comment on your contribution.")),
        Told(To.FOLLOWERS, _("There is a comment on something that you follow.")),
    ],
    "publication.held": [Told(To.AUTHOR, _("Your contribution waits for a look before it is shown."))],
    "publication.hidden": [Told(To.AUTHOR, _("Your contribution was hidden, with a reason. You can appeal."))],
    "publication.shown": [Told(To.AUTHOR, _("Your contribution is published."))],
    "appeal.answered": [Told(To.AUTHOR, _("Your appeal has an answer."))],
    "meeting.announced": [Told(To.PLACE, _("A meeting is announced."))],
    "meeting.moved": [
        Told(To.REGISTERED, _("A meeting that you registered for has changed: look at its day, hour and place.")),
        Told(To.PLACE, _("A meeting has changed: look at the day, the hour and the place.")),
    ],
    "meeting.called_off": [
        Told(To.REGISTERED, _("A meeting that you registered for is called off.")),
        Told(To.PLACE, _("A meeting is called off.")),
    ],
    "meeting.reminded": [Told(To.EXPECTED, _("Tomorrow: the meeting that you registered for."))],
    "minutes.published": [Told(To.PLACE, _("The minutes of a meeting are published."))],
    "registration.made": [Told(To.AUTHOR, _("You registered for a meeting: here is the link with your code."))],
    "registration.moved_up": [Told(To.AUTHOR, _("A place has become free: you are registered for the meeting."))],
    "charter.published": [
        Told(To.CONCERNED, _("A new version of the charter asks your collectivity to adhere again."))
    ],
    "member.admitted": [
        Told(To.CONCERNED, _("Your collectivity is admitted to the network: it now signs the charter."))
    ],
    "member.rested": [Told(To.CONCERNED, _("Your collectivity is recorded as dormant, with a reason."))],
    "member.woken": [Told(To.CONCERNED, _("Your collectivity is an active member again."))],
    "member.left": [Told(To.CONCERNED, _("Your collectivity is recorded as having left the network, with a reason."))],
    "role.handed_over": [
        Told(To.AUTHOR, _("You take over a role: all that is handed over stands on one page.")),
        Told(To.CONCERNED, _("Your role passes to somebody else, on the day agreed.")),
    ],
    "role.recalled": [Told(To.AUTHOR, _("Somebody else was named to take over the role; nothing is asked of you."))],
    "role.acknowledged": [Told(To.CONCERNED, _("Whoever takes over your role has read what you handed over."))],
    "practice.published": [
        Told(To.AUTHOR, _("A peer found your practice ready: it is published.")),
        Told(To.NETWORK, _("A new practice is published.")),
    ],
    "practice.sent_back": [Told(To.AUTHOR, _("A peer gave advice on your practice."))],
    "practice.adapted": [
        Told(To.AUTHOR, _("Another member has begun a project from your practice.")),
        Told(To.FOLLOWERS, _("A member has begun a project from a practice that you follow.")),
    ],
    "practice.asked_for": [Told(To.CONCERNED, _("The national team asks for your word on a practice."))],
    "practice.withdrawn": [
        Told(To.AUTHOR, _("Your practice was withdrawn, with a reason.")),
        Told(To.FOLLOWERS, _("A practice that you follow was withdrawn, with a reason.")),
    ],
    "question.asked": [Told(To.NETWORK, _("A member asks the others."))],
    "question.answered": [Told(To.AUTHOR, _("Somebody answered your question."))],
    "answer.accepted": [Told(To.AUTHOR, _("Your answer helped: the asker accepted it."))],
    "application.submitted": [
        Told(To.AUTHOR, _("Your application has been received.")),
        Told(To.CONCERNED, TO_READ),
        Told(To.NATIONAL, TO_READ),
    ],
    "application.advised": [
        Told(To.AUTHOR, _("The wilaya or province gave its opinion on your application.")),
        Told(To.NATIONAL, _("The wilaya or province gave its opinion on an application to join.")),
    ],
    "application.returned": [Told(To.AUTHOR, _("The national team asks you to complete your application."))],
    "application.accepted": [
        Told(To.AUTHOR, _("Your application is accepted: your collectivity is admitted. Next, the charter is signed.")),
    ],
    "application.refused": [Told(To.AUTHOR, _("Your application is refused. The reason is on its page."))],
    "application.withdrawn": [Told(To.AUTHOR, _("Your application is withdrawn."))],
    "organisation.registered": [
        Told(To.CONCERNED, _("An organisation is registered: verify it once you have seen that it exists."))
    ],
    "organisation.verified": [
        Told(To.CONCERNED, _("The organisation is verified: those who speak for it give in its name."))
    ],
    "organisation.withheld": [
        Told(To.CONCERNED, _("The organisation is not verified, or no longer. The reason is on its page."))
    ],
    "speaker.invited": [Told(To.AUTHOR, _("You are invited to speak for an organisation: accept, or decline."))],
    "role.granted": [Told(To.AUTHOR, _("You have a new role."))],
    "role.revoked": [Told(To.AUTHOR, _("A role of yours was taken back."))],
}

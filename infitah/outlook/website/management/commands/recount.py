from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from infitah.ground.discussion import actions as discussion
from infitah.ground.discussion.models import Comment
from infitah.ground.territories.models import Territory
from infitah.journey.ideas import actions as ideas
from infitah.journey.ideas.models import Idea
from infitah.network.meetings import actions as meetings
from infitah.network.meetings.models import Meeting
from infitah.network.questions import actions as questions
from infitah.network.questions.models import Question
from infitah.outlook.practices import actions as practices
from infitah.outlook.practices.models import Practice


class Command(BaseCommand):
    help = "Put right every count that stands beside what it counts. Infitah may run meanwhile; twice does no harm."

    def handle(self, **options: Any) -> None:
        commented = Comment.objects.filter(on_kind=Idea._meta.label_lower).values("on_id")
        counted: list[tuple[str, Iterable[Any], Callable[[Any], object]]] = [
            ("ideas and supports of a place", Territory.objects.exclude(tally=None), ideas.recount),
            ("comments", Idea.objects.filter(Q(pk__in=commented) | Q(comment_count__gt=0)), discussion.recount),
            ("registrations", Meeting.objects.all(), meetings.recount),
            ("answers to a question", Question.objects.all(), questions.recount),
            ("adaptations of a practice", Practice.objects.all(), practices.recount),
        ]
        for what, things, recount in counted:
            self.stdout.write(f"{what}: {sum(recount(thing) is not None for thing in things)}")

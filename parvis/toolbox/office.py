"""The editor's office (Wagtail's back office): who comes in, as what, and under which policy.

Groups are made from the mandate in use when the office is opened, and held against it at each
request: a mandate that ends or changes closes the office at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.users.models import UserProfile

from parvis.partners import second_factor
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.toolbox.content_office import give_front
from parvis.toolbox.edit_checks import faults_of
from parvis.toolbox.edit_files import NOT_DELETED, takes_published_away
from parvis.toolbox.ground import lay_ground
from parvis.toolbox.models import Desk, Library, Sheet
from parvis.toolbox.scopes import WRITERS, reads

PATH = "/redaction/"
MAILS = tuple(
    f"{what}_notifications" for what in ("submitted", "approved", "rejected", "updated_comments")
)
WRITES = ("add",)
HEADS = ("add", "change")
READS = ("add", "change", "publish", "lock", "unlock")
# The library asks for rights on its own models, whatever those that stand in their place.
FILES = ("add_image", "choose_image", "add_document", "choose_document")
# What the library writes in several steps and this house in one transaction.
IN_ONE_GO = frozenset(
    f"wagtailadmin_pages:{name}"
    for name in ("add", "edit", "delete", "unpublish", "workflow_action")
)
FILES_OF_HEADS = (*FILES, "change_image", "change_document")


class ContentPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere, and on the office's own path one that its editor can run under.

    A page previewed there answers to a request of its own, marked by the library.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(PATH):
            parts.replace = {
                **(parts.replace or {}),
                "script-src": [SELF, UNSAFE_INLINE],
                "style-src": [SELF, UNSAFE_INLINE],
                "frame-src": [SELF],
                "frame-ancestors": [SELF],
            }
        elif getattr(request, "is_dummy", False):
            parts.replace = {**(parts.replace or {}), "frame-ancestors": [SELF]}
        return parts


class OfficeMiddleware:
    """Lets into the office whoever proved a second factor and bears the groups of their mandate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not request.path.startswith(PATH):
            return None
        if settings.SECOND_FACTOR and not second_factor.is_proved(request):
            return redirect(
                f"{reverse('mfa_index')}?{urlencode({'next': reverse('toolbox:office')})}"
            )
        borne = set(request.user.groups.values_list("name", flat=True))
        if borne != set(group_names(request.actor)):  # type: ignore[attr-defined]
            return redirect(_door(request))
        if request.method == "POST" and takes_published_away(_name(request), kwargs.values()):
            messages.error(request, NOT_DELETED)
            return redirect("wagtailadmin_home")
        if request.method != "POST" or _name(request) not in IN_ONE_GO:
            return None
        with transaction.atomic():  # a publication and all that goes with it, or nothing
            refused = unfit_to_publish(request, kwargs)
            answer: HttpResponse = refused or view(request, *args, **kwargs)
            return answer


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _door(request: HttpRequest) -> str:
    """The door of the office, which leads on to the page asked for."""
    door = reverse("toolbox:office")
    if request.method != "GET" or request.path == PATH:
        return door
    return f"{door}?{urlencode({'next': request.path})}"


def unfit_to_publish(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
    """The library publishes an approved text without its form: ask the checks here first."""
    approved = kwargs.get("action_name") == "approve"
    if _name(request) != "wagtailadmin_pages:workflow_action" or not approved:
        return None
    page = Page.objects.filter(pk=kwargs.get("page_id")).first()
    draft = page.get_latest_revision_as_object() if page else None
    if not isinstance(draft, Sheet) or not faults_of(draft):
        return None
    messages.error(
        request, "Ce texte ne peut pas encore paraître : corrigez ce qui est signalé, puis validez."
    )
    there = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        return JsonResponse({"step": "success", "redirect": there})
    return redirect(there)


def group_names(actor: Actor) -> list[str]:
    """The groups that a mandate gives: those of its organisation's desk, and, for the coordination
    of an agglomération, those of its library and of the site's pages."""
    if actor.role not in WRITERS:
        return []
    own = "writers" if actor.role == "contributeur" else "heads"
    names = [f"desk {actor.organisation_id} {own}"]
    if reads(actor):
        names += [f"library {actor.organisation_id}", "pages"]
    return names


def open_office(actor: Actor) -> None:
    """Prepare the desk of the actor's organisation and give its person the groups of the mandate.

    ValidationError with words for people when no agglomération covers the organisation.
    """
    from parvis.partners.models import User

    with transaction.atomic():
        desk_of(Organisation.objects.get(pk=actor.organisation_id or 0))
        user = User.objects.get(pk=actor.user_id or 0)
        user.groups.set(Group.objects.filter(name__in=group_names(actor)))
        # The library writes no mail to anybody: ours leave through the outbox.
        UserProfile.objects.update_or_create(user=user, defaults=dict.fromkeys(MAILS, False))


def coordination_of(organisation: Organisation) -> Organisation | None:
    """The agglomération that covers an organisation: that of the commune where it has its seat."""
    if organisation.kind == Organisation.Kind.AGGLOMERATION:
        return organisation
    if organisation.commune is None:
        return None
    return (
        Organisation.objects.filter(
            kind=Organisation.Kind.AGGLOMERATION,
            commune__epci_siren=organisation.commune.epci_siren,
            closed_on=None,
        )
        .order_by("pk")
        .first()
    )


def desk_of(organisation: Organisation) -> Desk:
    """The desk of an organisation, made with its groups and its collection the first time."""
    found = Desk.objects.filter(organisation=organisation).first()
    if found is not None:
        return found
    coordination = coordination_of(organisation)
    if coordination is None:
        raise ValidationError(
            "Aucune agglomération ne couvre votre organisation : demandez à la coordination "
            "d’indiquer la commune de son siège."
        )
    lay_ground()
    with transaction.atomic():
        # One at a time: two who open the office for the first time would each make the same ones.
        Collection.objects.select_for_update().get(depth=1)
        found = Desk.objects.filter(organisation=organisation).first()
        return found or _make_desk(organisation, coordination)


def _make_desk(organisation: Organisation, coordination: Organisation) -> Desk:
    library = library_of(coordination)
    collection = library.collection.add_child(name=organisation.name[:255])
    desk: Desk = library.add_child(
        instance=Desk(
            title=organisation.name[:255],
            slug=f"bureau-{organisation.pk}",
            live=False,
            organisation=organisation,
            coordination=coordination,
            collection=collection,
        )
    )
    _group(f"desk {organisation.pk} writers", desk, WRITES, collection, FILES)
    _group(f"desk {organisation.pk} heads", desk, HEADS, collection, FILES_OF_HEADS)
    return desk


def library_of(coordination: Organisation) -> Library:
    """The library of an agglomération, made with its readers and their workflow the first time."""
    found = Library.objects.filter(organisation=coordination).first()
    if found is not None:
        return found
    # What the library calls « Root » heads every list of the office.
    Page.objects.filter(depth=1, title="Root").update(title="Tout", draft_title="Tout")
    collection = Collection.get_first_root_node().add_child(name=coordination.name[:255])
    library: Library = Page.get_first_root_node().add_child(
        instance=Library(
            title=f"Boîte à outils · {coordination.name}"[:255],
            slug=f"bibliotheque-{coordination.pk}",
            live=False,
            organisation=coordination,
            collection=collection,
        )
    )
    readers = _group(f"library {coordination.pk}", library, READS, collection, FILES_OF_HEADS)
    give_front(Group.objects.get_or_create(name="pages")[0])
    task = GroupApprovalTask.objects.create(name="Relecture")
    task.groups.add(readers)
    workflow = Workflow.objects.create(name=f"Comité de lecture · {coordination.name}"[:255])
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=library)
    return library


def _group(
    name: str, page: Page, pages: tuple[str, ...], collection: Collection, files: tuple[str, ...]
) -> Group:
    group = Group.objects.create(name=name)
    give_pages(group, page, pages)
    for codename in files:
        permission = Permission.objects.get(
            codename=codename, content_type__app_label__in=("wagtailimages", "wagtaildocs")
        )
        GroupCollectionPermission.objects.create(
            group=group, collection=collection, permission=permission
        )
    return group


def give_pages(group: Group, page: Page, actions: tuple[str, ...]) -> None:
    """Let a group into the office, with these rights on a branch. Twice does nothing."""
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for action in actions:
        permission = Permission.objects.get(
            codename=f"{action}_page", content_type__app_label="wagtailcore"
        )
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)

from django.urls import path

from initiatives.views import (
    conflicts,
    coverage,
    coverage_exports,
    editing,
    exports,
    home,
    initiatives,
    invitations,
    lifecycle,
    links,
    log,
    members,
    merging,
    organisations,
    reading,
    review,
    suggest,
    workspace,
)

app_name = "initiatives"

urlpatterns = [
    path("", home.home, name="home"),
    path("workspace/", workspace.workspace, name="workspace"),
    # finding and reading
    path("initiatives/", initiatives.initiative_list, name="list"),
    path("initiatives/export.csv", exports.export_csv, name="export-csv"),
    path("initiatives/export.json", exports.export_json, name="export-json"),
    path("initiatives/<uuid:ref>/", reading.initiative_detail, name="detail"),
    path("initiatives/<uuid:ref>/history/", reading.initiative_history, name="history"),
    # logging and changing
    path("initiatives/new/", editing.initiative_new, name="new"),
    path("initiatives/similar/", editing.similar_initiatives, name="similar"),
    path("initiatives/<uuid:ref>/edit/", editing.initiative_edit, name="edit"),
    path("initiatives/<uuid:ref>/delete/", lifecycle.initiative_delete, name="delete"),
    path("initiatives/<uuid:ref>/mark/<slug:mark>/", lifecycle.initiative_mark, name="mark"),
    path("initiatives/<uuid:ref>/review/", review.initiative_review, name="review"),
    path("reviews/", review.review_queue, name="reviews"),
    path("initiatives/<uuid:ref>/log/", log.entry_new, name="log-new"),
    path("initiatives/<uuid:ref>/log/<uuid:entry>/edit/", log.entry_edit, name="log-edit"),
    path("initiatives/<uuid:ref>/log/<uuid:entry>/delete/", log.entry_delete, name="log-delete"),
    path("initiatives/<uuid:ref>/links/", links.link_new, name="link-new"),
    path("initiatives/<uuid:ref>/links/<uuid:other>/<slug:kind>/delete/", links.link_delete, name="link-delete"),
    # conflict systems and their coverage
    path("conflicts/", coverage.conflict_list, name="conflicts"),
    path("conflicts/new/", conflicts.conflict_new, name="conflict-new"),
    path("conflicts/compare/", coverage.compare, name="compare"),
    path("conflicts/<slug:code>/", coverage.conflict_coverage, name="conflict"),
    path("conflicts/<slug:code>/coverage.json", coverage_exports.coverage_json, name="coverage-json"),
    path("conflicts/<slug:code>/coverage.csv", coverage_exports.coverage_csv, name="coverage-csv"),
    path("conflicts/<slug:code>/edit/", conflicts.conflict_edit, name="conflict-edit"),
    path("conflicts/<slug:code>/history/", conflicts.conflict_history, name="conflict-history"),
    # organisations
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/new/", organisations.organisation_new, name="organisation-new"),
    path("organisations/suggest/", suggest.organisation_suggest, name="organisation-suggest"),
    path("organisations/<slug:code>/", organisations.organisation_detail, name="organisation"),
    path("organisations/<slug:code>/edit/", organisations.organisation_edit, name="organisation-edit"),
    path("organisations/<slug:code>/confirm/", organisations.organisation_confirm, name="organisation-confirm"),
    path("organisations/<slug:code>/history/", organisations.organisation_history, name="organisation-history"),
    path("organisations/<slug:code>/merge/", merging.organisation_merge, name="organisation-merge"),
    path("organisations/<slug:code>/settings/", members.organisation_settings, name="organisation-settings"),
    # who belongs to them
    path("organisations/<slug:code>/members/", members.member_list, name="members"),
    path("organisations/<slug:code>/members/invite/", invitations.invitation_new, name="invite"),
    path("organisations/<slug:code>/members/leave/", members.member_leave, name="leave"),
    path("organisations/<slug:code>/members/<uuid:member>/", members.member_edit, name="member"),
    path("organisations/<slug:code>/invitations/<uuid:invited>/", invitations.invitation_edit, name="invited"),
]

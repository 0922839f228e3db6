/* A table as customizations.xml has it: an <Entity>, and the relationships of its links, which stand at the root. */
#include "schema/dataverse.h"

/* As exports of a table of an organization's own have them. */
static const char *const table_flags[][2] = {{"IsDuplicateCheckSupported", "1"},
                                             {"IsBusinessProcessEnabled", "0"},
                                             {"IsRequiredOffline", "0"},
                                             {"IsInteractionCentricEnabled", "0"},
                                             {"IsCollaboration", "0"},
                                             {"AutoRouteToOwnerQueue", "0"},
                                             {"IsConnectionsEnabled", "0"},
                                             {"EntityColor", ""},
                                             {"IsDocumentManagementEnabled", "0"},
                                             {"AutoCreateAccessTeams", "0"},
                                             {"IsOneNoteIntegrationEnabled", "0"},
                                             {"IsKnowledgeManagementEnabled", "0"},
                                             {"IsSLAEnabled", "0"},
                                             {"IsDocumentRecommendationsEnabled", "0"},
                                             {"IsBPFEntity", "0"},
                                             {"OwnershipTypeMask", "UserOwned"},
                                             {"IsAuditEnabled", "0"},
                                             {"IsRetrieveAuditEnabled", "0"},
                                             {"IsRetrieveMultipleAuditEnabled", "0"},
                                             {"IsActivity", "0"},
                                             {"ActivityTypeMask", ""},
                                             {"IsActivityParty", "0"},
                                             {"IsReplicated", "0"},
                                             {"IsReplicationUserFiltered", "0"},
                                             {"IsMailMergeEnabled", "1"},
                                             {"IsVisibleInMobile", "0"},
                                             {"IsVisibleInMobileClient", "0"},
                                             {"IsReadOnlyInMobileClient", "0"},
                                             {"IsOfflineInMobileClient", "0"},
                                             {"DaysSinceRecordLastModified", "0"},
                                             {"MobileOfflineFilters", ""},
                                             {"IsMapiGridEnabled", "1"},
                                             {"IsReadingPaneEnabled", "1"},
                                             {"IsQuickCreateEnabled", "0"},
                                             {"SyncToExternalSearchIndex", "0"},
                                             {"IntroducedVersion", "1.0.0.0"},
                                             {"IsCustomizable", "1"},
                                             {"IsRenameable", "1"},
                                             {"IsMappable", "1"},
                                             {"CanModifyAuditSettings", "1"},
                                             {"CanModifyMobileVisibility", "1"},
                                             {"CanModifyMobileClientVisibility", "1"},
                                             {"CanModifyMobileClientReadOnly", "1"},
                                             {"CanModifyMobileClientOffline", "1"},
                                             {"CanModifyConnectionSettings", "1"},
                                             {"CanModifyDuplicateDetectionSettings", "1"},
                                             {"CanModifyMailMergeSettings", "1"},
                                             {"CanModifyQueueSettings", "1"},
                                             {"CanCreateAttributes", "1"},
                                             {"CanCreateForms", "1"},
                                             {"CanCreateCharts", "1"},
                                             {"CanCreateViews", "1"},
                                             {"CanModifyAdditionalSettings", "1"},
                                             {"CanEnableSyncToExternalSearchIndex", "1"},
                                             {"EnforceStateTransitions", "0"},
                                             {"CanChangeHierarchicalRelationship", "1"},
                                             {"EntityHelpUrlEnabled", "0"},
                                             {"ChangeTrackingEnabled", "1"},
                                             {"CanChangeTrackingBeEnabled", "1"},
                                             {"IsEnabledForExternalChannels", "0"},
                                             {"IsMSTeamsIntegrationEnabled", "0"},
                                             {"IsSolutionAware", "0"}};

static void columns(xml_writer *w, const deliver_facts *f, const fact_table *t, arena *mem)
{
    xml_open(w, "attributes");
    for (size_t i = 0; i < t->fields; i++)
        if (dataverse_is_ours(f, t->field[i].name)) dataverse_column(w, f, t, &t->field[i], mem);
    xml_close(w);
}

static void key(xml_writer *w, const deliver_facts *f, const fact_table *t, arena *mem)
{
    if (!dataverse_has_key(f, t)) return;
    sv table = dataverse_logical(mem, t->object), column = dataverse_logical(mem, t->key);
    if (dataverse_is_ours(f, table)) table = (sv){table.p + f->prefix.n + 1, table.n - f->prefix.n - 1};
    sv prefix = dataverse_logical(mem, f->prefix);
    sv name = arena_printf(mem, "%.*s_%.*s_source", (int)prefix.n, prefix.p, (int)table.n, table.p);
    xml_open(w, "EntityKeys");
    xml_open(w, "EntityKey");
    xml_leaf(w, "Name", name);
    xml_leaf(w, "LogicalName", name);
    xml_word(w, "IntroducedVersion", "1.0.0.0");
    xml_word(w, "IsCustomizable", "1");
    xml_open(w, "EntityKeyAttributes");
    xml_leaf(w, "AttributeName", column);
    xml_close(w);
    dataverse_label(w, "displaynames", "displayname", t->key_label);
    xml_close(w);
    xml_close(w);
}

/* Of tables that every organization has, as exports have them; new tables get theirs when they are made. */
static void type_code(xml_writer *w, sv name)
{
    static const struct {
        sv name;
        int code;
    } known[] = {{{"Account", 7}, 1},
                 {{"Contact", 7}, 2},
                 {{"SystemUser", 10}, 8},
                 {{"Appointment", 11}, 4201},
                 {{"Task", 4}, 4212}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (sv_eq(known[i].name, name)) xml_number(w, "ObjectTypeCode", known[i].code);
}

void dataverse_table(xml_writer *w, const deliver_facts *f, const fact_table *t, bool screens, arena *mem)
{
    sv name = dataverse_table_name(t->object);
    xml_open(w, "Entity");
    xml_open(w, "Name");
    xml_attr(w, "LocalizedName", t->label);
    xml_attr(w, "OriginalName", t->is_new ? t->label : SV_LIT(""));
    xml_text(w, name);
    xml_close(w);
    if (!t->is_new) type_code(w, name);
    xml_open(w, "EntityInfo");
    xml_open(w, "entity");
    xml_attr(w, "Name", name);
    if (!t->is_new) {
        xml_attr(w, "unmodified", SV_LIT("1"));
        columns(w, f, t, mem);
        key(w, f, t, mem);
    } else {
        sv set = dataverse_logical(mem, name);
        dataverse_label(w, "LocalizedNames", "LocalizedName", t->label);
        dataverse_label(w, "LocalizedCollectionNames", "LocalizedCollectionName", t->plural);
        dataverse_label(w, "Descriptions", "Description", t->help);
        columns(w, f, t, mem);
        xml_leaf(w, "EntitySetName", arena_printf(mem, "%.*ss", (int)set.n, set.p));
        dataverse_flags(w, table_flags, sizeof table_flags / sizeof table_flags[0]);
        key(w, f, t, mem);
    }
    xml_close(w);
    xml_close(w);
    if (t->is_new && screens) {
        dataverse_form(w, f, t, mem);
        dataverse_views(w, f, t, mem);
    }
    xml_close(w);
}

/* ---- links ---- */

static void role(xml_writer *w, bool child, sv name)
{
    xml_open(w, "EntityRelationshipRole");
    if (child) {
        xml_word(w, "NavPaneDisplayOption", "UseCollectionName");
        xml_word(w, "NavPaneArea", "Details");
        xml_word(w, "NavPaneOrder", "10000");
    }
    xml_leaf(w, "NavigationPropertyName", name);
    xml_word(w, "RelationshipRoleType", child ? "1" : "0");
    xml_close(w);
}

/* Named by child and link: no two links of a table have one name. */
static void relation(xml_writer *w, const deliver_facts *f, const fact_table *t, const fact_field *x, arena *mem)
{
    static const char *const cascades[][2] = {{"CascadeAssign", "NoCascade"},     {"CascadeDelete", "RemoveLink"},
                                              {"CascadeArchive", "RemoveLink"},   {"CascadeReparent", "NoCascade"},
                                              {"CascadeShare", "NoCascade"},      {"CascadeUnshare", "NoCascade"},
                                              {"CascadeRollupView", "NoCascade"}, {"IsValidForAdvancedFind", "1"}};
    sv prefix = dataverse_logical(mem, f->prefix), child = dataverse_logical(mem, t->object),
       link = dataverse_logical(mem, x->name);
    size_t own = prefix.n + 1;
    sv bare_child = dataverse_is_ours(f, child) ? (sv){child.p + own, child.n - own} : child;
    sv bare_link = {link.p + own, link.n - own};
    sv name = arena_printf(mem, "%.*s_%.*s_%.*s", (int)prefix.n, prefix.p, (int)bare_child.n, bare_child.p,
                           (int)bare_link.n, bare_link.p);
    xml_open(w, "EntityRelationship");
    xml_attr(w, "Name", name);
    xml_word(w, "EntityRelationshipType", "OneToMany");
    xml_word(w, "IsCustomizable", "1");
    xml_word(w, "IntroducedVersion", "1.0.0.0");
    xml_word(w, "IsHierarchical", "0");
    xml_leaf(w, "ReferencingEntityName", dataverse_table_name(t->object));
    xml_leaf(w, "ReferencedEntityName", dataverse_table_name(x->target));
    dataverse_flags(w, cascades, sizeof cascades / sizeof cascades[0]);
    xml_leaf(w, "ReferencingAttributeName", link);
    xml_open(w, "RelationshipDescription");
    dataverse_label(w, "Descriptions", "Description", SV_LIT(""));
    xml_close(w);
    xml_open(w, "EntityRelationshipRoles");
    role(w, true, link);
    role(w, false, name);
    xml_close(w);
    xml_close(w);
}

void dataverse_relations(xml_writer *w, const deliver_facts *f, const fact_table *t, arena *mem)
{
    for (size_t i = 0; i < t->fields; i++)
        if (fact_is_link(&t->field[i]) && dataverse_is_ours(f, t->field[i].name)) relation(w, f, t, &t->field[i], mem);
}

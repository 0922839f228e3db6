/* {{trial_undo}}: how the trial is taken back, by what `undo:` of the template says and the lists beside the trial. */
#include "base/markup.h"
#include "guide/guide_words.h"

static void item(buf *out, sv text, const deliver_facts *f)
{
    buf_str(out, "<li>\xE2\x98\x90 ");
    guide_inline(text, f, out);
    buf_str(out, "</li>\n");
}

static void list_item(buf *out, const fact_load *l, const deliver_facts *f)
{
    const undo_rules *u = f->destination->undo;
    sv how = !l->keyed && u->remove_keyless.n ? u->remove_keyless : u->remove;
    buf_str(out, "<li>\xE2\x98\x90 <code>");
    markup_escaped(out, l->trial_undo.name);
    buf_printf(out, "</code>, %llu of ", (unsigned long long)l->trial_undo.rows);
    markup_escaped(out, f->table[l->table].plural);
    buf_str(out, ". ");
    guide_inline(how, f, out);
    if (u->by_id)
        buf_str(out,
                " The ids of these keys stand in what the loader gave back when the trial was loaded: that file is the "
                "one to delete by.");
    buf_str(out, "</li>\n");
}

void guide_trial_undo(const deliver_facts *f, buf *out)
{
    const undo_rules *u = f->destination->undo;
    bool any = false;
    for (size_t i = 0; i < f->loads; i++) any |= f->load[i].trial_undo.name.n > 0;
    if (!u || !any) return;
    buf_str(out, "<ol class=\"steps\">\n");
    for (size_t i = 0; i < u->before.n; i++) item(out, u->before.word[i], f);
    /* Children stand behind their parents in the order of loading. */
    for (size_t i = f->loads; i-- > 0;)
        if (f->load[i].trial_undo.name.n) list_item(out, &f->load[i], f);
    for (size_t i = 0; i < u->after.n; i++) item(out, u->after.word[i], f);
    buf_str(out, "</ol>\n");
}

#include "notes.h"

namespace leadsync::zoho {
namespace {

/// Line ends and blanks at the end may come back otherwise.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '\r') out += c;
  out.resize(out.find_last_not_of(" \n\t") + 1);
  return out;
}

bool is_same(const json::object& row, const record& note) {
  return plain(text_of(row, "Note_Content")) == plain(note.values.text("Note_Content")) &&
         plain(text_of(row, "Note_Title")) == plain(note.values.text("Note_Title"));
}
}  // namespace

sdk::task<> find_written_notes(writer* work, object_kind person, std::vector<note_record> doubtful) {
  std::vector<sdk::request> requests;
  for (const auto& each : doubtful) {
    const auto url = module_url(person, "/" + each.person_id + "/Notes?fields=Note_Title,Note_Content&per_page=200");
    requests.push_back(costed(sdk::http.get(url).phase("note").leads(each.note->leads), 1));
  }
  const auto answers = co_await sdk::http.all(std::move(requests));
  for (std::size_t i = 0; i < doubtful.size(); ++i) {
    auto& note = *doubtful[i].note;
    const place where{answers[i].number(), {}, {}};
    const auto document = success_of(answers[i]);
    const auto& rows = list_of(document, "data");
    for (std::size_t at = 0; at < rows.size() && !note.settled; ++at) {
      if (!is_same(as_object(rows[at]), note)) continue;
      note.id = id_of(as_object(rows[at]), "id");
      const place found{answers[i].number(), {}, "/data/" + std::to_string(at)};
      work->succeed(note, &found);
    }
    if (note.settled || answers[i].status() == 204) continue;
    if (!document.contains("data")) work->fail(note, classify(answers[i]), &where);
    else if (flag_of(object_of(document, "info"), "more_records"))
      work->fail(note, {"AMBIGUOUS_WRITE", "MANY_NOTES", "an earlier request may have written this note; its person has too many to tell"}, &where);
  }
}
}  // namespace leadsync::zoho

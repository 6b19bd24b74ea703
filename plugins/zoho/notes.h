#pragma once
#include "writer.h"

namespace leadsync::zoho {

/// A note of one person.
struct note_record {
  record* note;
  std::string person_id;
};

/// Notes have no key and no upsert. Those that an earlier attempt may have written are looked for among the notes of their person,
/// by title and text; what is found is settled, and so is what cannot be decided.
sdk::task<> find_written_notes(writer* work, object_kind person, std::vector<note_record> doubtful);
}  // namespace leadsync::zoho

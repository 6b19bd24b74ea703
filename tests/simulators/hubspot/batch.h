#pragma once

#include "hubspot/write.h"

namespace leadsync::simulator::hubspot {

/// `POST .../batch/{create,update,upsert}`.
[[nodiscard]] response write_batch(portal& account, object_type& type, write_kind kind, const call& from);
[[nodiscard]] response read_batch(portal& account, object_type& type, const call& from);
[[nodiscard]] response archive_batch(portal& account, object_type& type, const call& from);

}  // namespace leadsync::simulator::hubspot

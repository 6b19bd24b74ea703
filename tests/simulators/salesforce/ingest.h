#pragma once

#include "salesforce/csv.h"

#include "base/instant.h"

#include <map>
#include <optional>
#include <string>

namespace leadsync::simulator::salesforce {

struct org;

/// A job of Bulk API 2.0: one upload, worked off some time after it is complete.
struct ingest_job {
  std::string id, object, operation, key, version;
  std::string assignment_rule;  ///< of new leads; without it none applies, active or not
  std::string state = "Open";
  std::string error;  ///< of the whole job
  instant created_at{};
  std::optional<instant> done_at;  ///< when an uploaded job is worked off
  std::optional<std::string> upload;
  csv_row columns;
  std::vector<csv_row> succeeded;  ///< id, whether it was created, and the row
  std::vector<csv_row> failed;     ///< id, error, and the row
  std::vector<csv_row> unprocessed;
};

using ingest_jobs = std::map<std::string, ingest_job, std::less<>>;

/// Works off what is due. To be called before anything looks at the org.
void advance_jobs(org& account, instant now);

}  // namespace leadsync::simulator::salesforce

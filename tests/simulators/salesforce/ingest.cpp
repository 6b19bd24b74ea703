#include "salesforce/ingest.h"

#include "salesforce/answers.h"

#include <algorithm>
#include <random>

namespace leadsync::simulator::salesforce {
namespace {

/// "CODE:message:FIELD --"
std::string error_text(const row_error& why) {
  std::string fields;
  for (const auto& one : why.fields) fields += (fields.empty() ? "" : ", ") + one;
  return why.code + ":" + why.message + ":" + fields + " --";
}

/// A row's cells by column: an empty one is left alone, #N/A clears.
json::object given_by(const object_type& type, const csv_row& columns, const csv_row& row) {
  json::object given;
  for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i) {
    if (row[i].empty()) continue;
    const auto* what = type.find_field(columns[i]);
    if (row[i] == "#N/A") given[columns[i]] = nullptr;
    else if (what && what->type == "boolean" && (row[i] == "true" || row[i] == "false")) given[columns[i]] = row[i] == "true";
    else given[columns[i]] = row[i];
  }
  return given;
}

row_result cannot_deserialize(const object_type& type, const csv_row& columns, const csv_row& row, std::string_view name) {
  row_result out;
  const auto at = std::size_t(std::find(columns.begin(), columns.end(), name) - columns.begin());
  const auto* what = type.find_field(name);
  out.errors.push_back({"INVALID_FIELD", "Failed to deserialize field at col " + std::to_string(at) + ". Due to, '" + (at < row.size() ? row[at] : "") +
                                             "' is not a valid value for the type xsd:" + (what ? what->type : "string"), {std::string(name)}});
  return out;
}

row_result write_row(org& account, object_type& type, const ingest_job& job, const csv_row& row, instant now) {
  auto given = given_by(type, job.columns, row);
  const write_terms terms{.now = now, .auto_assign = !job.assignment_rule.empty()};
  std::string value;
  if (!job.key.empty()) {
    if (const auto* sent = given.if_contains(job.key); sent && sent->is_string()) value = sent->get_string();
    given.erase(job.key);
    if (value.empty()) {
      row_result out;
      out.errors.push_back({"MISSING_ARGUMENT", job.key + " not specified", {job.key}});
      return out;
    }
  }
  if (auto checked = check_values(account, type, given, write::create, job.key); !checked.unreadable.empty())
    return cannot_deserialize(type, job.columns, row, checked.unreadable_field);
  if (job.key.empty()) return create_record(account, type, given, terms);
  return upsert_record(account, type, *type.find_field(job.key), value, given, terms);
}

void work_off(org& account, ingest_job& job, instant now) {
  auto rows = read_csv(*job.upload);
  if (!rows.empty()) job.columns = std::move(rows.front()), rows.erase(rows.begin());
  auto& type = account.type(job.object);
  const auto unknown = std::find_if(job.columns.begin(), job.columns.end(), [&](const auto& name) { return !type.find_field(name); });
  if (job.columns.empty() || unknown != job.columns.end()) {
    job.state = "Failed";
    job.error = "InvalidBatch : Field name not found : " + (job.columns.empty() ? std::string() : *unknown);
    job.unprocessed = std::move(rows);
    return;
  }
  for (auto& row : rows) {
    const auto result = write_row(account, type, job, row, now);
    csv_row told{result.id, result.success ? (result.created ? "true" : "false") : error_text(result.errors.front())};
    told.insert(told.end(), row.begin(), row.end());
    (result.success ? job.succeeded : job.failed).push_back(std::move(told));
  }
  std::minstd_rand order(unsigned(rows.size()) + 1);
  std::shuffle(job.succeeded.begin(), job.succeeded.end(), order);
  std::shuffle(job.failed.begin(), job.failed.end(), order);
  job.state = "JobComplete";
}

json::object shown(const ingest_job& job, instant now) {
  auto state = job.state;
  if (job.done_at && state == "UploadComplete" && now - job.created_at > (*job.done_at - job.created_at) / 2) state = "InProgress";
  json::object out{{"id", job.id}, {"operation", job.operation}, {"object", job.object}, {"createdDate", to_rfc3339(job.created_at)}, {"state", state},
                   {"concurrencyMode", "Parallel"}, {"contentType", "CSV"}, {"apiVersion", std::stod(job.version)}, {"lineEnding", "LF"}, {"columnDelimiter", "COMMA"}};
  if (!job.key.empty()) out["externalIdFieldName"] = job.key;
  if (state == "Open") out["contentUrl"] = "services/data/v" + job.version + "/jobs/ingest/" + job.id + "/batches";
  out["numberRecordsProcessed"] = job.succeeded.size() + job.failed.size();
  out["numberRecordsFailed"] = job.failed.size();
  out["retries"] = 0;
  if (!job.error.empty()) out["errorMessage"] = job.error;
  return out;
}

response results(const ingest_job& job, csv_row first, const std::vector<csv_row>& rows) {
  first.insert(first.end(), job.columns.begin(), job.columns.end());
  std::string text;
  append_csv(text, first);
  for (const auto& row : rows) append_csv(text, row);
  return {200, std::move(text), "text/csv"};
}

response open_job(org& account, const call& from) {
  if (!from.body.is_object()) return refuse(400, "JSON_PARSER_ERROR", "The HTTP entity body is required, but this request has no entity body.");
  const auto& asked = from.body.get_object();
  ingest_job job{.object = std::string(text_member(asked, "object")), .operation = std::string(text_member(asked, "operation")),
                 .key = std::string(text_member(asked, "externalIdFieldName")), .version = from.version, .created_at = from.now};
  const auto* type = account.find_type(job.object);
  if (!type) return refuse(400, "INVALIDENTITY", "Unable to find object: " + job.object);
  if (job.operation != "insert" && job.operation != "upsert") return refuse(400, "INVALIDJOB", "Operation not supported: " + job.operation);
  const auto* key = job.key.empty() ? nullptr : type->find_field(job.key);
  if (job.operation == "upsert" && (!key || !key->external_id)) return refuse(400, "INVALIDJOB", "InvalidJob : Field name provided, " + job.key + " is not an External ID or indexed field for " + job.object);
  if (job.operation == "insert") job.key.clear();
  job.assignment_rule = text_member(asked, "assignmentRuleId");
  if (!job.assignment_rule.empty() && !account.type("AssignmentRule").find(job.assignment_rule))
    return refuse(400, "INVALIDJOB", "InvalidJob : Assignment rule not found: " + job.assignment_rule);
  job.id = make_id("750", account.jobs.size() + 1);
  return ok(shown(account.jobs.emplace(job.id, job).first->second, from.now));
}

response change_state(org& account, const call& from, ingest_job& job) {
  const auto state = from.body.is_object() ? text_member(from.body.get_object(), "state") : std::string_view();
  const bool is_open = job.state == "Open";
  const bool legal = (state == "UploadComplete" && is_open && job.upload) || (state == "Aborted" && (is_open || job.state == "UploadComplete"));
  if (!legal) return refuse(400, "INVALIDJOBSTATE", "Job in state " + job.state + " cannot become " + std::string(state));
  job.state = state;
  if (state == "UploadComplete") job.done_at = from.now + std::chrono::milliseconds(account.options.ingest_ms);
  return ok(shown(job, from.now));
}

response upload(const call& from, ingest_job& job) {
  if (!from.raw.header("content-type").starts_with("text/csv")) return refuse(415, "UNSUPPORTED_MEDIA_TYPE", "The request content type is unsupported");
  if (job.state != "Open" || job.upload) return refuse(400, "INVALIDJOBSTATE", "Found multiple contents for job: " + job.id + ", please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.");
  job.upload = from.raw.body;
  return {201, ""};
}

}  // namespace

void advance_jobs(org& account, instant now) {
  for (auto& [id, job] : account.jobs)
    if (job.state == "UploadComplete" && *job.done_at <= now) work_off(account, job, now);
}

response handle_ingest(org& account, const call& from) {
  if (from.segment(1) != "ingest") return not_found();
  if (from.path.size() == 2) return from.is("POST") ? open_job(account, from) : method_not_allowed(from, "POST");
  const auto found = account.jobs.find(from.segment(2));
  if (found == account.jobs.end()) return not_found();
  auto& job = found->second;
  const auto what = from.segment(3);
  if (what.empty() && from.is("PATCH")) return change_state(account, from, job);
  if (what == "batches" && from.is("PUT")) return upload(from, job);
  if (!from.is("GET")) return method_not_allowed(from, "GET");
  if (what.empty()) return ok(shown(job, from.now));
  const bool ended = job.state != "Open" && job.state != "UploadComplete";
  if (!ended) return refuse(400, "INVALIDJOBSTATE", "Job is not in a state that has results");
  if (what == "successfulResults") return results(job, {"sf__Id", "sf__Created"}, job.succeeded);
  if (what == "failedResults") return results(job, {"sf__Id", "sf__Error"}, job.failed);
  if (what == "unprocessedrecords") return results(job, {}, job.unprocessed);
  return not_found();
}

}  // namespace leadsync::simulator::salesforce

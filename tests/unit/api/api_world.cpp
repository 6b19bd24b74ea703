#include "tests/unit/api/api_world.h"

#include "model/json_text.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>

namespace leadsync::test {

namespace json = boost::json;

scratch_folder::scratch_folder() {
  auto pattern = (std::filesystem::temp_directory_path() / "leadsync-api-XXXXXX").string();
  path = mkdtemp(pattern.data());
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

api_world::api_world() {
  store_options options;
  options.folder = folder.path / "state";
  auto opened = open_sqlite_store(options);
  if (!opened) throw std::runtime_error(opened.error().context);
  data = std::move(*opened);
  std::vector<integration_seed> seeds(1);
  seeds[0].name = "acme-expo";
  seeds[0].plugin = "acme";
  const auto registered = await(data->register_integrations(seeds)).value();
  daemon.emplace(*data);
  daemon->status.id = registered.front().id;
  daemon->status.name = "acme-expo";
  daemon->status.plugin = "acme";
  daemon->status.schedule = "continuous";
  daemon->status.account_json = R"({"id": "42", "name": "Acme Inc", "url": "https://acme.test", "time_zone": "UTC"})";
  daemon->status.limits_json = R"({"limits": [{"id": "burst", "amount": 100, "used": 3, "resets_at": null}]})";
  daemon->checked.ok = true;
  daemon->checked.findings.push_back({"warning", category::permission, "the account may not create companies"});
  remote_field timeline;
  timeline.name = "timeline";
  timeline.type = value_type::option;
  timeline.options.push_back({"next_quarter", "Next quarter", true});
  remote_object contact;
  contact.name = "contact";
  contact.fields.push_back(timeline);
  daemon->described.objects.push_back(contact);
  daemon->previewed.would_pass = 1;
  daemon->previewed.moves[category::data_too_long] = 2;
  daemon->previewed.text = "1 would pass, 2 move to DATA_TOO_LONG, 0 stay";
  fix_item item;
  item.where = {"contact", "timeline", "qualifier:Timeline", "Within 6 months"};
  item.count = 1;
  item.suggestions.push_back({"next_quarter", "Next quarter", "similar name"});
  daemon->fixed.title = "Fix Value Mapping";
  daemon->fixed.items.push_back(item);
  daemon->fixed.options.push_back({"next_quarter", "Next quarter", true});
  api.emplace(*data, *daemon, "0.1.0");
  static bool first = true;  // answers of an earlier run are of an earlier daemon
  if (const char* file = std::getenv("LEADSYNC_API_ANSWERS")) answers_.open(file, std::exchange(first, false) ? std::ios::trunc : std::ios::app);
}

api_world::~api_world() { data->stop(); }

json::object reply::document() const {
  boost::system::error_code failure;
  auto parsed = json::parse(body, failure);
  EXPECT_FALSE(failure) << body;
  return parsed.is_object() ? parsed.get_object() : json::object();
}

std::string reply::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

reply api_world::ask(api::http_method method, std::string target, asked with) {
  api::http_request request;
  request.method = method;
  api::parse_target(target, request);
  request.body = std::move(with.body);
  request.content_type = std::move(with.content_type);
  request.if_match = std::move(with.if_match);
  request.idempotency_key = std::move(with.idempotency_key);
  request.accept = std::move(with.accept);
  request.by = {1000, "ada"};
  auto response = await(api->answer(request));
  reply given{response.status, std::move(response.body), std::move(response.headers)};
  while (response.stream) {
    const auto piece = await(response.stream->next()).value();
    if (piece.empty()) break;
    given.body += piece;
  }
  given.headers.emplace_back("Content-Type", response.content_type);
  record(request, given);
  return given;
}

void api_world::record(const api::http_request& request, const reply& given) {
  const bool is_json = given.header("Content-Type").find("json") != std::string::npos && given.body.starts_with('{');
  if (!answers_.is_open() || !is_json || given.header("Content-Type") == "application/x-ndjson") return;
  answers_ << "{\"method\":\"" << api::to_text(request.method) << "\",\"path\":";
  std::string path;
  append_json_string(path, request.path);
  answers_ << path << ",\"status\":" << given.status << ",\"body\":" << given.body << "}" << std::endl;
}

void api_world::add_history() {
  for (const auto* name : {"grace", "ada", "linus"}) {
    const auto given = post("/v1/leads", R"({"id": ")" + std::string(name) + R"(", "event": "Expo 2026", "email": ")" + name +
                                             R"(@example.test", "firstName": ")" + name + R"(", "qualifiers": {"Timeline": "Within 6 months"}})");
    ASSERT_EQ(given.status, 201) << given.body;
  }
  const auto id = daemon->status.id;
  const auto ready = await(data->ready(id, {}, now(), {}, 10)).value();
  ASSERT_EQ(ready.size(), 3u);
  const std::vector<delivery_id> two{ready[0].delivery, ready[1].delivery};
  const auto run = await(data->open_run(id, two, 0)).value();
  attempt_outcome failed, cleared;
  failed.delivery = two[0];
  failed.lead_revision = cleared.lead_revision = 1;
  failed.what = category::no_tag_mapping;
  failed.where = {"contact", "timeline", "qualifier:Timeline", "Within 6 months"};
  failed.message = "no option is mapped";
  failed.started_at = failed.finished_at = cleared.started_at = cleared.finished_at = now();
  failed.phases_json = R"([{"phase": "person", "status": "failed", "category": "NO_TAG_MAPPING", "message": "no option is mapped",
      "exchange": 0, "request_pointer": "/inputs/0", "response_pointer": "/errors/0"}])";
  cleared.delivery = two[1];
  cleared.next = delivery_state::cleared;
  cleared.phases_json = R"([{"phase": "person", "status": "ok", "object": "contact", "remote_id": "901", "url": "https://acme.test/901",
      "exchange": 0, "request_pointer": "/inputs/1", "response_pointer": "/results/0"}])";
  cleared.remote_ids.push_back({"contact", "901", "https://acme.test/901"});
  exchange_record exchange;
  exchange.phase = "person";
  exchange.method = "POST";
  exchange.url = "https://api.acme.test/contacts/batch";
  exchange.request_headers = "content-type: application/json\n";
  exchange.request_body = R"({"inputs": [{"email": "grace@example.test"}, {"email": "ada@example.test"}]})";
  exchange.transport = "ok";
  exchange.status = 207;
  exchange.response_body = R"({"results": [{"id": "901"}], "errors": [{"message": "no such option"}]})";
  exchange.sent_at = exchange.received_at = now();
  const std::vector<attempt_outcome> outcomes{failed, cleared};
  const std::vector<exchange_record> exchanges{exchange};
  ASSERT_TRUE(await(data->close_run(run.run, outcomes, exchanges, {})).has_value());
}

}  // namespace leadsync::test

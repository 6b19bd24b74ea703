#include "transcript.h"

#include "base/instant.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

namespace leadsync::kit {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> effects{"read", "keyed_write", "blind_write"};
constexpr std::array<std::string_view, 6> transports{"ok", "not_sent", "sent_no_answer", "truncated", "too_large", "refused_host"};

json::object headers_of(const std::vector<plugin_header>& list) {
  json::object made;
  for (const auto& each : list) made[each.name] = each.value;
  return made;
}

std::vector<plugin_header> headers_in(const json::value& from) {
  std::vector<plugin_header> made;
  for (const auto& [name, value] : from.as_object()) made.push_back({std::string(name), std::string(value.as_string())});
  return made;
}

template <class Names>
std::size_t index_in(const Names& names, const json::value& value) {
  const auto found = std::find(names.begin(), names.end(), std::string_view(value.as_string()));
  if (found == names.end()) throw std::runtime_error("unknown word " + json::serialize(value));
  return std::size_t(found - names.begin());
}

json::object to_object(const answered_request& one) {
  json::array leads;
  for (const auto each : one.request.leads) leads.emplace_back(each);
  json::object request{{"method", one.request.method}, {"url", one.request.url}, {"headers", headers_of(one.request.headers)}, {"body", one.request.body},
                       {"effect", effects[std::size_t(one.request.effect)]}, {"phase", one.request.phase}, {"leads", std::move(leads)}};
  json::object response{{"transport", transports[std::size_t(one.response.transport)]}, {"status", one.response.status},
                        {"headers", headers_of(one.response.headers)}, {"body", one.response.body}};
  if (!one.response.transport_error.empty()) response["transport_error"] = one.response.transport_error;
  return {{"request", std::move(request)}, {"response", std::move(response)}};
}

answered_request from_object(const json::object& from) {
  answered_request made;
  const auto& request = from.at("request").as_object();
  made.request.method = request.at("method").as_string();
  made.request.url = request.at("url").as_string();
  made.request.headers = headers_in(request.at("headers"));
  made.request.body = request.at("body").as_string();
  made.request.effect = plugin_effect(index_in(effects, request.at("effect")));
  made.request.phase = request.at("phase").as_string();
  for (const auto& each : request.at("leads").as_array()) made.request.leads.push_back(each.to_number<std::uint32_t>());
  const auto& response = from.at("response").as_object();
  made.response.transport = plugin_transport(index_in(transports, response.at("transport")));
  made.response.status = response.at("status").to_number<std::uint32_t>();
  made.response.headers = headers_in(response.at("headers"));
  made.response.body = response.at("body").as_string();
  if (const auto* error = response.if_contains("transport_error")) made.response.transport_error = error->as_string();
  return made;
}

transcript from_document(const plugin_manifest& about, const json::object& document) {
  if (document.at("transcript").as_int64() != 1) throw std::runtime_error("the format is not 1");
  transcript made;
  made.job = read_job(about, json::serialize(document.at("job")));
  for (const auto& each : document.at("turns").as_array()) {
    auto& turn = made.session.turns.emplace_back();
    if (const auto* wait = each.as_object().if_contains("wait_ms")) turn.wait = std::chrono::milliseconds(wait->to_number<std::int64_t>());
    if (const auto* exchanges = each.as_object().if_contains("exchanges"))
      for (const auto& one : exchanges->as_array()) turn.exchanges.push_back(from_object(one.as_object()));
  }
  made.session.result_json = json::serialize(document.at("result"));
  return made;
}

std::string path_of(const plugin_request& request) { return request.method + " " + request.url.substr(0, request.url.find('?')); }

}  // namespace

std::vector<transcript> read_transcripts(const plugin_manifest& about, const std::filesystem::path& from) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_directory(from)) {
    for (const auto& entry : std::filesystem::directory_iterator(from))
      if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    if (files.empty()) throw std::runtime_error(from.string() + ": no transcript (*.json) is in this folder");
  } else {
    files.push_back(from);
  }
  std::vector<transcript> made;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    if (!in.is_open()) throw std::runtime_error(file.string() + ": cannot be read");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    try {
      made.push_back(from_document(about, json::parse(text).as_object()));
    } catch (const std::exception& failure) {
      throw std::runtime_error(file.string() + ": is no transcript (sdk/protocol.md): " + failure.what());
    }
    made.back().name = file.stem().string();
  }
  return made;
}

std::string to_json(const plugin_manifest& about, const sample_job& job, const played& session) {
  json::array turns;
  for (const auto& each : session.turns) {
    json::object turn;
    if (each.wait.count() > 0) turn["wait_ms"] = each.wait.count();
    json::array exchanges;
    for (const auto& one : each.exchanges) exchanges.emplace_back(to_object(one));
    if (!exchanges.empty()) turn["exchanges"] = std::move(exchanges);
    turns.emplace_back(std::move(turn));
  }
  const auto result = session.result_json.empty() ? json::value(json::object()) : json::parse(session.result_json);
  // A line for each turn, so that a change of the plugin is read in a diff.
  std::string text = "{\"transcript\": 1, \"plugin\": " + json::serialize(json::string(about.name)) + ", \"version\": " +
                     json::serialize(json::string(about.version)) + ",\n\"job\": " + job.json + ",\n\"turns\": [";
  for (std::size_t i = 0; i < turns.size(); ++i) text += (i ? ",\n" : "\n") + json::serialize(turns[i]);
  return text + "],\n\"result\": " + json::serialize(result) + "}\n";
}

plugin_response plain_answer(const plugin_request& request) {
  plugin_response made{.status = 200};
  made.headers = {{"content-type", "application/json"}};
  made.body = request.effect == plugin_effect::read ? "{}" : R"({"id":"1"})";
  return made;
}

responder answers_of(const transcript& recorded) {
  struct memory {
    std::vector<const answered_request*> all;
    std::vector<bool> used;
  };
  const auto kept = std::make_shared<memory>();
  kept->all = recorded.session.requests();
  kept->used.resize(kept->all.size());
  return [kept](const plugin_request& request, std::size_t) {
    const auto wanted = text_of(request), path = path_of(request);
    const auto find = [&](bool exact, bool fresh) {
      for (std::size_t i = 0; i < kept->all.size(); ++i) {
        const auto& candidate = kept->all[i]->request;
        if ((exact ? text_of(candidate) == wanted : path_of(candidate) == path) && !(fresh && kept->used[i])) return std::optional(i);
      }
      return std::optional<std::size_t>();
    };
    for (const auto& [exact, fresh] : {std::pair(true, true), std::pair(true, false), std::pair(false, true), std::pair(false, false)})
      if (const auto found = find(exact, fresh)) {
        kept->used[*found] = true;
        return kept->all[*found]->response;
      }
    return plain_answer(request);
  };
}

}  // namespace leadsync::kit

#include "plugin/manifest.h"

#include "base/text.h"
#include "plugin/manifest_reader.h"

#include <algorithm>
#include <limits>

namespace leadsync {
namespace {

constexpr std::uint64_t max_uint32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t one_day_ms = 24ull * 60 * 60 * 1000;
constexpr std::uint64_t max_body_bytes = 32ull << 20;

template <class List>
bool has_name(const List& list, std::string_view name) {
  return std::any_of(list.begin(), list.end(), [&](const auto& one) { return one.name == name; });
}

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// Names end up in file names, metrics and URLs.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && name.front() >= 'a' && name.front() <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

/// "api.acme.test" or "*.acme.test". A pattern for a whole top-level domain is refused: it would admit anybody.
bool is_host_pattern(std::string_view host) {
  const bool wildcard = host.starts_with("*.");
  if (wildcard) host.remove_prefix(2);
  if (host.empty() || host.size() > 253 || host.front() == '.' || host.back() == '.') return false;
  if (wildcard && host.find('.') == std::string_view::npos) return false;
  return host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string_view::npos;
}

plugin_manifest::credential read_credential(const manifest_reader& in) {
  plugin_manifest::credential out{in.text("kind"), in.text("title"), in.texts("secrets"), in.flag("authorize")};
  return out;
}

plugin_manifest::phase read_phase(const manifest_reader& in, const std::vector<plugin_manifest::phase>& earlier) {
  plugin_manifest::phase out{in.text("name"), in.texts("needs")};
  if (has_name(earlier, out.name)) in.fail("name", "\"" + out.name + "\" is there twice");
  for (const auto& need : out.needs)
    if (!has_name(earlier, need)) in.fail("needs", "\"" + need + "\" is not an earlier phase");
  return out;
}

plugin_manifest::object read_object(const manifest_reader& in, const plugin_manifest& manifest) {
  plugin_manifest::object out;
  out.name = in.text("name");
  if (has_name(manifest.objects, out.name)) in.fail("name", "\"" + out.name + "\" is there twice");
  out.title = in.text("title");
  const auto per = in.text("per");
  if (per != "lead" && per != "company") in.fail("per", "must be \"lead\" or \"company\"");
  out.per = per == "lead" ? plugin_manifest::per::lead : plugin_manifest::per::company;
  out.phase = in.text("phase");
  if (!has_name(manifest.phases, out.phase)) in.fail("phase", "\"" + out.phase + "\" is not one of the phases");
  out.match_keys = in.texts("match_keys");
  return out;
}

plugin_manifest::field_default read_default(const manifest_reader& in, const plugin_manifest& manifest) {
  plugin_manifest::field_default out{in.text("object"), in.text("remote_field"), in.text("source"), false};
  if (!has_name(manifest.objects, out.object)) in.fail("object", "\"" + out.object + "\" is not one of the objects");
  const auto mode = in.optional_text("write_mode");
  if (mode != "" && mode != "overwrite" && mode != "if_empty") in.fail("write_mode", "must be \"overwrite\" or \"if_empty\"");
  out.only_if_empty = mode == "if_empty";
  return out;
}

plugin_manifest::limit read_limit(const manifest_reader& in, const plugin_manifest& manifest) {
  using kinds = plugin_manifest::limit_kind;
  plugin_manifest::limit out;
  out.id = in.text("id");
  for (const auto& other : manifest.limits)
    if (other.id == out.id) in.fail("id", "\"" + out.id + "\" is there twice");
  out.amount = static_cast<std::uint32_t>(in.number("amount", {}, 1, max_uint32));
  const auto kind = in.text("kind");
  if (kind == "rolling") out.kind = kinds::rolling;
  else if (kind == "fixed") out.kind = kinds::fixed;
  else if (kind == "daily") out.kind = kinds::daily;
  else if (kind == "concurrency") out.kind = kinds::concurrency;
  else in.fail("kind", "must be \"rolling\", \"fixed\", \"daily\" or \"concurrency\"");
  if (out.kind == kinds::rolling || out.kind == kinds::fixed)
    out.window = std::chrono::milliseconds(in.number("window_ms", {}, 1, one_day_ms));
  const auto scope = in.optional_text("scope");
  if (scope != "" && scope != "account" && scope != "token") in.fail("scope", "must be \"account\" or \"token\"");
  out.scope = scope == "token" ? plugin_manifest::limit_scope::token : plugin_manifest::limit_scope::account;
  const auto zone = in.optional_text("zone");
  out.account_zone = zone == "account";
  if (!zone.empty() && !out.account_zone) out.zone = zone;
  out.is_default = in.flag("default");
  const auto headers = in.object("headers");
  out.headers.amount = ascii_lower(headers.optional_text("amount"));
  out.headers.remaining = ascii_lower(headers.optional_text("remaining"));
  out.headers.window_ms = ascii_lower(headers.optional_text("window_ms"));
  return out;
}

void read_connection(const manifest_reader& in, plugin_manifest& out) {
  out.api_base = in.optional_text("api_base");
  if (!out.api_base.empty() && !out.api_base.starts_with("https://") && !out.api_base.starts_with("http://"))
    in.fail("api_base", "must begin with https://");
  if (out.api_base.ends_with('/')) in.fail("api_base", "must not end with a slash: requests begin with one");
  out.hosts = in.texts("hosts");
  if (out.hosts.empty()) in.fail("hosts", "name at least one host");
  for (auto& host : out.hosts) {
    host = ascii_lower(host);
    if (!is_host_pattern(host)) in.fail("hosts", "\"" + host + "\" is neither a host nor *.suffix with two labels");
  }
  const auto authorization = in.object("authorization");
  out.authorization_header = authorization.optional_text("header");
  out.authorization_value = authorization.optional_text("value");
  if (out.authorization_header.empty() != out.authorization_value.empty())
    in.fail("authorization", "needs both header and value, or neither");
  for (const auto& one : in.objects("credentials")) {
    out.credentials.push_back(read_credential(one));
    if (out.credentials.back().authorize && !out.offers("authorize"))
      one.fail("authorize", "is true, but the jobs do not contain \"authorize\"");
  }
  out.token_members = in.texts("token_members");
}

plugin_manifest read(const manifest_reader& in) {
  plugin_manifest out;
  if (const auto protocol = in.number("protocol", {}, 0, max_uint32); protocol != 1)
    in.fail("protocol", "is " + std::to_string(protocol) + ", this daemon speaks 1");
  out.name = in.text("name");
  if (!is_plain_name(out.name)) in.fail("name", "use a-z, 0-9, _ and -, beginning with a letter, at most 40");
  out.title = in.text("title");
  out.version = in.text("version");
  out.jobs = in.texts("jobs");
  if (!out.offers("sync")) in.fail("jobs", "must contain \"sync\"");
  read_connection(in, out);
  out.settings = in.object("settings").members();

  for (const auto& one : in.objects("phases")) out.phases.push_back(read_phase(one, out.phases));
  if (out.phases.empty()) in.fail("phases", "name at least one phase");
  for (const auto& one : in.objects("objects")) out.objects.push_back(read_object(one, out));
  if (out.objects.empty()) in.fail("objects", "name at least one object");
  for (const auto& one : in.objects("default_mapping")) out.default_mapping.push_back(read_default(one, out));

  out.batch_size = static_cast<std::uint32_t>(in.number("batch_size", 1, 1, 10'000));
  out.backlog_batch_size = static_cast<std::uint32_t>(in.number("backlog_batch_size", out.batch_size, out.batch_size, 10'000));
  out.settle = std::chrono::milliseconds(in.number("settle_ms", 0, 0, one_day_ms));
  out.deadline = std::chrono::milliseconds(in.number("deadline_ms", 30'000, 1, 60ull * 60 * 1000));
  out.max_response_bytes = in.number("max_response_bytes", 8u << 20, 1, max_body_bytes);
  for (const auto& one : in.objects("limits")) out.limits.push_back(read_limit(one, out));
  const auto help = in.object("help");
  for (const auto& [code, text] : help.members()) out.help[std::string(code)] = help.text(code);
  return out;
}

}  // namespace

bool plugin_manifest::offers(std::string_view job) const { return contains(jobs, job); }

bool plugin_manifest::admits_host(std::string_view host) const {
  const auto lower = ascii_lower(host);
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& pattern) {
    if (!pattern.starts_with("*.")) return pattern == lower;
    return lower.size() > pattern.size() - 1 && lower.ends_with(std::string_view(pattern).substr(1));
  });
}

result<plugin_manifest> parse_manifest(std::string_view json) {
  if (!is_valid_utf8(json)) return make_error(errc::invalid_input, "the manifest is not UTF-8");
  boost::json::error_code failure;
  const auto value = boost::json::parse(json, failure);
  if (failure) return make_error(errc::invalid_input, "the manifest is not JSON: " + failure.message());
  if (!value.is_object()) return make_error(errc::invalid_input, "the manifest is not a JSON object");
  try {
    return read(manifest_reader(value.get_object(), ""));
  } catch (const manifest_reader::bad& bad) {
    return make_error(errc::invalid_input, std::string("manifest: ") + bad.what());
  }
}

}  // namespace leadsync

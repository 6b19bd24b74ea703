#include "store/codes.h"

#include <boost/json.hpp>
#include <zstd.h>

#include <algorithm>
#include <memory>

namespace leadsync {
namespace {

namespace json = boost::json;

/// Smaller bodies cost more in frame and time than they save.
constexpr std::size_t smallest_compressed = 512;

std::string member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value ? value->if_string() : nullptr;
  return text ? std::string(*text) : std::string();
}

json::array parse_array(std::string_view text) {
  json::error_code failed;
  auto value = json::parse(text, failed);
  if (failed || !value.is_array()) return {};
  return std::move(value.get_array());
}

/// Of what is packed for each delivery: building a document of values first costs several times as much.
void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr char digits[] = "0123456789abcdef";
      ((out += "\\u00") += digits[c >> 4]) += digits[c & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

json::object to_value(const locus& where) {
  return {{"object", where.object}, {"remote_field", where.remote_field}, {"lead_field", where.lead_field}, {"value", where.value}};
}

}  // namespace

std::string_view text_of(category what) { return what == category::none ? std::string_view() : code_of(what); }

category category_of(std::string_view text) { return text.empty() ? category::none : parse_category(text).value_or(category::unexpected); }

delivery_state state_of(std::string_view text) { return parse_delivery_state(text).value_or(delivery_state::failed); }

std::string pack_ids(std::vector<std::int64_t> ids) {
  std::sort(ids.begin(), ids.end());
  std::string bytes;
  std::int64_t last = 0;
  for (const auto id : ids) {
    auto difference = std::uint64_t(id - last);
    last = id;
    for (; difference >= 0x80; difference >>= 7) bytes += char(difference | 0x80);
    bytes += char(difference);
  }
  return bytes;
}

std::vector<std::int64_t> unpack_ids(std::string_view bytes) {
  std::vector<std::int64_t> ids;
  std::uint64_t difference = 0;
  std::int64_t last = 0;
  int shift = 0;
  for (const char c : bytes) {
    difference |= std::uint64_t(c & 0x7f) << shift;
    shift = (shift + 7) % 64;
    if (c & 0x80) continue;
    last += std::int64_t(difference);
    ids.push_back(last);
    difference = 0;
    shift = 0;
  }
  return ids;
}

std::string pack_remote_ids(const std::vector<remote_id>& ids) {
  std::string text = "[";
  for (const auto& id : ids) {
    text += text.size() > 1 ? ",[" : "[";
    append_text(text, id.object);
    text += ',';
    append_text(text, id.id);
    text += ',';
    append_text(text, id.url);
    text += ']';
  }
  return text + "]";
}

std::vector<remote_id> unpack_remote_ids(std::string_view text) {
  std::vector<remote_id> ids;
  for (const auto& entry : parse_array(text)) {
    const auto* parts = entry.if_array();
    if (!parts || parts->size() != 3) continue;
    const auto part = [parts](std::size_t index) {
      const auto* value = (*parts)[index].if_string();
      return value ? std::string(*value) : std::string();
    };
    ids.push_back({part(0), part(1), part(2)});
  }
  return ids;
}

std::string pack_texts(const std::vector<std::string>& texts) {
  std::string text = "[";
  for (const auto& each : texts) {
    if (text.size() > 1) text += ',';
    append_text(text, each);
  }
  return text + "]";
}

std::vector<std::string> unpack_texts(std::string_view text) {
  std::vector<std::string> texts;
  for (const auto& entry : parse_array(text))
    if (const auto* value = entry.if_string()) texts.emplace_back(*value);
  return texts;
}

std::string list_ids(std::span<const std::int64_t> ids) {
  std::string text = "[";
  for (const auto id : ids) {
    if (text.size() > 1) text += ',';
    text += std::to_string(id);
  }
  return text + "]";
}

std::string pack_warnings(const std::vector<warning>& warnings) {
  json::array array;
  for (const auto& entry : warnings)
    array.push_back(json::object{
        {"code", entry.code}, {"object", entry.object}, {"remote_field", entry.remote_field}, {"message", entry.message}});
  return json::serialize(array);
}

std::string pack_filter(const delivery_filter& filter) {
  json::object object;
  if (filter.state) object["state"] = to_text(*filter.state);
  if (filter.what) object["category"] = text_of(*filter.what);
  if (filter.where) object["locus"] = to_value(*filter.where);
  if (!filter.event.empty()) object["event"] = filter.event;
  if (!filter.text.empty()) object["text"] = filter.text;
  if (filter.since) object["since"] = to_millis(*filter.since);
  if (filter.until) object["until"] = to_millis(*filter.until);
  if (filter.with_warnings) object["with_warnings"] = true;
  if (!filter.leads.empty()) {
    auto& leads = object["leads"].emplace_array();
    for (const auto lead : filter.leads) leads.push_back(lead.value);
  }
  return json::serialize(object);
}

delivery_filter unpack_filter(std::string_view text) {
  delivery_filter filter;
  json::error_code failed;
  const auto value = json::parse(text, failed);
  if (failed || !value.is_object()) return filter;
  const auto& object = value.get_object();
  if (object.contains("state")) filter.state = state_of(member(object, "state"));
  if (object.contains("category")) filter.what = category_of(member(object, "category"));
  if (const auto* where = object.if_contains("locus"); where && where->is_object()) {
    const auto& parts = where->get_object();
    filter.where = locus{member(parts, "object"), member(parts, "remote_field"), member(parts, "lead_field"), member(parts, "value")};
  }
  filter.event = member(object, "event");
  filter.text = member(object, "text");
  const auto time = [&object](std::string_view name) -> std::optional<instant> {
    const auto* millis = object.if_contains(name);
    if (!millis || !millis->is_int64()) return std::nullopt;
    return from_millis(millis->get_int64());
  };
  filter.since = time("since");
  filter.until = time("until");
  filter.with_warnings = object.contains("with_warnings");
  if (const auto* leads = object.if_contains("leads"); leads && leads->is_array())
    for (const auto& lead : leads->get_array())
      if (lead.is_int64()) filter.leads.push_back({lead.get_int64()});
  return filter;
}

packed_body pack_body(std::string_view body) {
  if (body.size() < smallest_compressed) return {std::string(body), false};
  thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  std::string bytes(ZSTD_compressBound(body.size()), '\0');
  const auto size = ZSTD_compressCCtx(context.get(), bytes.data(), bytes.size(), body.data(), body.size(), 1);
  if (ZSTD_isError(size) || size >= body.size()) return {std::string(body), false};
  bytes.resize(size);
  return {std::move(bytes), true};
}

std::string unpack_body(std::string_view bytes, bool compressed) {
  if (!compressed) return std::string(bytes);
  // Bodies are limited to 32 MiB when they are recorded; a broken frame must not ask for more.
  const auto size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > (std::size_t(64) << 20)) return {};
  std::string body(size, '\0');
  const auto made = ZSTD_decompress(body.data(), body.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(made)) return {};
  return body;
}

std::optional<std::int64_t> find_locus(connection& db, const locus& where) {
  if (where.empty()) return 0;
  auto find = db.use("SELECT id FROM locus WHERE object = ?1 AND remote_field = ?2 AND lead_field = ?3 AND value = ?4");
  find.with(where.object, where.remote_field, where.lead_field, where.value);
  if (!find.step()) return std::nullopt;
  return find.integer(0);
}

locus load_locus(connection& db, std::int64_t id) {
  if (id == 0) return {};
  auto find = db.use("SELECT object, remote_field, lead_field, value FROM locus WHERE id = ?1");
  find.with(id);
  if (!find.step()) return {};
  return {find.text(0), find.text(1), find.text(2), find.text(3)};
}

}  // namespace leadsync

#include "transport/placeholders.h"

#include "base/text.h"
#include "transport/json_web_token.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace leadsync {

namespace {

constexpr std::string_view opening = "{{secret:", opening_token = "{{jwt:", opening_braces = "{{", closing = "}}";

bool is_token(std::string_view name) {
  return !name.empty() && name.find_first_not_of("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
                              std::string_view::npos;
}

/// These decide where a message ends or where a connection goes.
bool is_ours(std::string_view lower_name) {
  constexpr std::array<std::string_view, 12> names{"host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te",
                                                   "trailer", "expect", "accept-encoding", "user-agent", "proxy-connection"};
  return std::find(names.begin(), names.end(), lower_name) != names.end() || lower_name.starts_with("proxy-");
}

void append_encoded(std::string& out, std::string_view value) {
  constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : value) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
    }
  }
}

void replace_all(std::string& text, std::string_view value, const std::string& by) {
  const char* from = text.data();
  const char* const end = from + text.size();
  const auto next = [&] { return static_cast<const char*>(memmem(from, static_cast<std::size_t>(end - from), value.data(), value.size())); };
  const char* found = next();
  if (!found) return;
  std::string out;
  for (; found; found = next()) {
    out.append(from, found);
    out += by;
    from = found + value.size();
  }
  out.append(from, end);
  text = std::move(out);
}

result<std::string> secret_of(std::string_view name, const secret_map& secrets) {
  const auto found = secrets.find(std::string(name));
  if (found == secrets.end())
    return make_error(errc::invalid_input, "there is no secret \"" + std::string(name.substr(0, 64)) + "\" in this integration");
  return found->second.reveal();
}

/// KEY:CLAIMS, whose texts may hold placeholders of secrets.
result<std::string> token_of(std::string_view text, const secret_map& secrets) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return make_error(errc::invalid_input, "a {{jwt:KEY:CLAIMS}} lacks its claims");
  auto key = secret_of(text.substr(0, colon), secrets);
  if (!key) return key.error();
  auto claims = decode_base64url(text.substr(colon + 1));
  if (!claims) return with_context(claims.error(), "the claims of a {{jwt:KEY:CLAIMS}}");
  auto filled = fill(*claims, secrets);
  if (!filled) return filled.error();
  return sign_token(*filled, secret(std::move(*key)), now());
}

}  // namespace

std::string placeholder(std::string_view name) { return std::string(opening) + std::string(name) + std::string(closing); }

result<std::string> fill(std::string_view text, const secret_map& secrets, bool form_encoded) {
  std::string out;
  for (;;) {
    const auto begin = text.find(opening_braces);
    const auto rest = begin == std::string_view::npos ? std::string_view() : text.substr(begin);
    const bool token = rest.starts_with(opening_token);
    if (begin != std::string_view::npos && !token && !rest.starts_with(opening)) {
      out += text.substr(0, begin + 1);  // braces of the CRM's own
      text.remove_prefix(begin + 1);
      continue;
    }
    if (begin == std::string_view::npos) break;
    const auto end = text.find(closing, begin);
    if (end == std::string_view::npos) return make_error(errc::invalid_input, "a {{secret:NAME}} or {{jwt:KEY:CLAIMS}} is not closed");
    const auto opened = begin + (token ? opening_token.size() : opening.size());
    auto value = token ? token_of(text.substr(opened, end - opened), secrets) : secret_of(text.substr(opened, end - opened), secrets);
    if (!value) return value.error();
    out += text.substr(0, begin);
    if (form_encoded)
      append_encoded(out, *value);
    else
      out += *value;
    text.remove_prefix(end + closing.size());
  }
  out += text;
  return out;
}

result<> fill(header_list& headers, std::string& body, const secret_map& secrets) {
  bool form = false;
  for (auto& [name, value] : headers) {
    const auto lower = ascii_lower(name);
    if (!is_token(name)) return make_error(errc::invalid_input, "a header's name holds characters that it may not");
    if (is_ours(lower)) return make_error(errc::invalid_input, "header \"" + name + "\" is the daemon's to set");
    if (lower == "content-type") form = ascii_lower(value).find("application/x-www-form-urlencoded") != std::string::npos;
    auto filled = fill(value, secrets);
    if (!filled) return with_context(filled.error(), "header \"" + name + "\"");
    for (const char c : *filled)
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f)
        return make_error(errc::invalid_input, "header \"" + name + "\" holds a line break or control character");
    value = std::move(*filled);
  }
  if (body.find(opening) == std::string::npos && body.find(opening_token) == std::string::npos) return {};
  auto filled = fill(body, secrets, form);
  if (!filled) return with_context(filled.error(), "body");
  body = std::move(*filled);
  return {};
}

void scrub(std::string& text, const secret_map& secrets) {
  for (const auto& [name, value] : secrets)
    if (value.reveal().size() >= 8) replace_all(text, value.reveal(), placeholder(name));  // shorter ones occur by chance
}

}  // namespace leadsync

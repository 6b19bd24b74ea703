#include "transport/hosts.h"

#include "base/text.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>

namespace leadsync {

namespace {

error refuse(std::string_view url, std::string_view why) {
  std::string shown;
  for (const char c : url.substr(0, 200)) shown += c > 0x20 && c < 0x7f ? c : '?';
  return make_error(errc::not_permitted, "\"" + shown + "\" is refused: " + std::string(why));
}

bool matches(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with("*.")) return pattern == host;
  const auto suffix = pattern.substr(1);
  return host.size() > suffix.size() && host.ends_with(suffix);
}

}  // namespace

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

host_policy::host_policy(std::string api_base, std::vector<std::string> patterns) : api_base_(std::move(api_base)) {
  while (api_base_.ends_with('/')) api_base_.pop_back();
  if (auto base = parse(api_base_)) bases_.push_back(std::move(*base));
  for (const auto& each : patterns) patterns_.push_back(ascii_lower(trim(each)));
}

result<host_policy::target> host_policy::parse(std::string_view url) {
  for (const char c : url)
    if (c <= 0x20 || c >= 0x7f || c == '\\') return refuse(url, "a URL holds neither blanks, control characters, backslashes nor raw UTF-8");
  const auto parsed = boost::urls::parse_uri({url.data(), url.size()});
  if (!parsed) return refuse(url, "not an absolute URL");
  target out;
  out.scheme = ascii_lower(std::string(parsed->scheme()));
  if (out.scheme != "https" && out.scheme != "http") return refuse(url, "neither https nor http");
  if (parsed->has_userinfo()) return refuse(url, "it names a user");
  if (parsed->has_fragment()) return refuse(url, "it has a fragment");
  const std::string encoded(std::string_view(parsed->encoded_host()));
  if (encoded.empty() || encoded.find('%') != std::string::npos) return refuse(url, "its host is empty or escaped");
  out.host = ascii_lower(encoded);
  if (out.host.ends_with('.')) return refuse(url, "its host ends with a dot");
  out.port = out.scheme == "https" ? 443 : 80;
  if (parsed->has_port() && !parsed->port().empty()) {
    out.port = parsed->port_number();
    if (out.port == 0) return refuse(url, "its port is not one");
  }
  return out;
}

bool host_policy::admits(const target& to) const {
  for (const auto& base : bases_)
    if (to.host == base.host && to.port == base.port && to.scheme == base.scheme) return true;
  for (const auto& pattern : patterns_) {
    std::string_view host = pattern;
    std::uint16_t port = to.scheme == "https" ? 443 : 80;
    const auto colon = pattern.rfind(':');
    if (colon != std::string::npos && pattern.find(']', colon) == std::string::npos) {
      host = host.substr(0, colon);
      if (std::from_chars(pattern.data() + colon + 1, pattern.data() + pattern.size(), port).ec != std::errc{}) continue;
    } else if (!bases_.empty() && to.host == bases_.front().host) {
      port = bases_.front().port;
    }
    if (to.port == port && matches(host, to.host)) return true;
  }
  return false;
}

result<> host_policy::check(std::string_view url) const {
  const auto to = parse(url);
  if (!to) return to.error();
  if (!admits(*to)) return refuse(url, "not a host of this integration");
  // Plain text only where it cannot be read on the way, or where the operator wrote it so.
  if (to->scheme == "http" && !is_loopback(to->host) &&
      !(!bases_.empty() && bases_.front().scheme == "http" && bases_.front().host == to->host))
    return refuse(url, "http without TLS leaves this machine only for the host of an http base_url");
  return {};
}

result<std::string> host_policy::resolve(std::string_view url) const {
  std::string absolute;
  if (url.starts_with('/'))
    absolute = api_base_ + std::string(url);
  else
    absolute = std::string(url);
  if (absolute.find("{{") != std::string::npos) return refuse(url, "secrets belong in headers or the body, not in a URL");
  if (auto good = check(absolute); !good) return good.error();
  return absolute;
}

result<> host_policy::change_base(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  if (auto good = check(url); !good) return good.error();
  const auto to = parse(url);
  api_base_ = std::string(url);
  if (bases_.size() > 1) bases_.resize(1);
  bases_.push_back(*to);
  return {};
}

}  // namespace leadsync

#include "connection.h"

#include "json_access.h"

#include <boost/json/parse.hpp>
#include <curl/curl.h>

#include <cerrno>
#include <sys/stat.h>

namespace leadsync::client {
namespace {

struct transfer {
  answer result;
  const byte_source* source = nullptr;
  const progress_watcher* watcher = nullptr;
  const std::function<void(std::string_view)>* sink = nullptr;
  CURL* handle = nullptr;
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& moving = *static_cast<transfer*>(user);
  long status = 0;
  curl_easy_getinfo(moving.handle, CURLINFO_RESPONSE_CODE, &status);
  if (moving.sink && status == 200) (*moving.sink)({data, size});
  else moving.result.body.append(data, size);
  return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& moving = *static_cast<transfer*>(user);
  std::string_view line(data, size);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  constexpr std::string_view etag = "ETag: ";
  if (line.starts_with(etag)) moving.result.etag = line.substr(etag.size());
  return size;
}

std::size_t give_body(char* buffer, std::size_t, std::size_t size, void* user) {
  return (*static_cast<transfer*>(user)->source)(buffer, size);
}

int watch(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent) {
  const auto& moving = *static_cast<transfer*>(user);
  if (moving.watcher && *moving.watcher) (*moving.watcher)(std::uint64_t(sent));
  return 0;
}

}  // namespace

struct connection::state {
  std::string socket_path;
  CURL* handle = curl_easy_init();

  ~state() { curl_easy_cleanup(handle); }

  [[noreturn]] void fail(CURLcode code, const char* text) const {
    long reason = 0;
    curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &reason);
    const std::string why = text && *text ? text : curl_easy_strerror(code);
    if (code == CURLE_COULDNT_CONNECT) {
      struct stat found{};
      const bool there = stat(socket_path.c_str(), &found) == 0;
      if (reason == EACCES || reason == EPERM || (!there && errno == EACCES))
        throw failure(exit_code::not_permitted, "you may not use " + socket_path, "the socket belongs to the group leadsync-admin",
                      "sudo usermod -aG leadsync-admin $USER, and log in again");
      throw failure(exit_code::unreachable, "leadsyncd does not answer on " + socket_path,
                    there ? "the socket is there, but nobody listens" : "there is no such socket",
                    "systemctl status leadsyncd (or name another socket with --socket or LEADSYNC_SOCKET)");
    }
    throw failure(exit_code::unreachable, "the connection to leadsyncd broke off", why, "journalctl -u leadsyncd");
  }

  answer perform(const call& request, transfer& moving, std::int64_t upload_size) {
    curl_easy_reset(handle);  // keeps the connection
    char text[CURL_ERROR_SIZE] = {};
    moving.handle = handle;
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, text);
    curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, socket_path.c_str());
    curl_easy_setopt(handle, CURLOPT_URL, ("http://leadsyncd" + request.path).c_str());
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 5L);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &moving);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &moving);
    curl_slist* headers = nullptr;
    const auto add = [&headers](const std::string& line) { headers = curl_slist_append(headers, line.c_str()); };
    bool typed = false;
    for (const auto& [name, value] : request.headers) {
      typed = typed || name == "Content-Type";
      add(name + ": " + value);
    }
    if (moving.source) {
      curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
      curl_easy_setopt(handle, CURLOPT_READFUNCTION, give_body);
      curl_easy_setopt(handle, CURLOPT_READDATA, &moving);
      curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(upload_size));
      curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
      curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, watch);
      curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &moving);
      add("Expect:");
    } else if (request.method != "GET") {
      if (!typed) add("Content-Type: application/json");
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.size()));
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.c_str());
    }
    if (request.method != "GET") curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    const auto code = curl_easy_perform(handle);
    curl_slist_free_all(headers);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    moving.result.status = int(status);
    // A daemon that refuses an upload answers before it has read all of it.
    if (code != CURLE_OK && !(moving.source && status >= 400 && !moving.result.body.empty())) fail(code, text);
    return std::move(moving.result);
  }
};

connection::connection(std::string socket_path) : state_(std::make_unique<state>()) { state_->socket_path = std::move(socket_path); }
connection::~connection() = default;

answer connection::try_send(const call& request) {
  transfer moving;
  return state_->perform(request, moving, 0);
}

answer connection::send(const call& request) {
  auto given = try_send(request);
  if (given.status >= 400) fail_with_problem(given);
  return given;
}

answer connection::upload(const call& request, std::int64_t size, const byte_source& source, const progress_watcher& watcher) {
  transfer moving;
  moving.source = &source;
  moving.watcher = &watcher;
  auto given = state_->perform(request, moving, size);
  if (given.status >= 400) fail_with_problem(given);
  return given;
}

void connection::download(const call& request, const std::function<void(std::string_view)>& sink) {
  transfer moving;
  moving.sink = &sink;
  const auto given = state_->perform(request, moving, 0);
  if (given.status >= 400) fail_with_problem(given);
}

boost::json::value answer::document() const {
  boost::system::error_code broken;
  auto parsed = boost::json::parse(body, broken);
  if (broken) throw failure(exit_code::failed, "leadsyncd answered with something that is no JSON", body.substr(0, 200));
  return parsed;
}

void fail_with_problem(const answer& problem) {
  boost::system::error_code broken;
  const auto parsed = boost::json::parse(problem.body, broken);
  const auto* document = broken ? nullptr : parsed.if_object();
  const auto title = document ? text_of(*document, "title") : "leadsyncd answered " + std::to_string(problem.status);
  auto detail = document ? text_of(*document, "detail") : problem.body.substr(0, 200);
  auto code = exit_code::failed;
  if (problem.status == 403) code = exit_code::not_permitted;
  if (problem.status == 404) code = exit_code::not_found;
  if (problem.status == 409 || problem.status == 412) code = exit_code::conflict;
  const bool retryable = document && flag_of(*document, "retryable");
  if (retryable && problem.status != 409) code = exit_code::try_later;
  throw failure(code, title, std::move(detail), retryable ? "try again in a moment" : "");
}

std::string percent_encoded(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += digits[static_cast<unsigned char>(c) >> 4];
      encoded += digits[static_cast<unsigned char>(c) & 15];
    }
  }
  return encoded;
}

std::string query_of(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string query;
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    query += (query.empty() ? "?" : "&") + name + "=" + percent_encoded(value);
  }
  return query;
}

}  // namespace leadsync::client

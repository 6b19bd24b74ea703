#include "transport/transfer.h"

#include "base/text.h"

#include <algorithm>
#include <cstring>

namespace leadsync {

using namespace std::chrono;

namespace {

constexpr std::size_t max_header_bytes = 256u << 10;
constexpr auto connect_timeout = seconds(10);

template <class T>
void set(CURL* easy, CURLoption option, T value) {
  // Fails only for an option that this libcurl lacks, and the test of each would be the same.
  static_cast<void>(curl_easy_setopt(easy, option, value));
}

}  // namespace

transfer::transfer(easy_handle easy, http_request request, std::function<void(http_answer)> done)
    : easy_(std::move(easy)), request_(std::move(request)), done_(std::move(done)) {
  configure();
}

transfer::~transfer() { curl_slist_free_all(headers_); }

void transfer::configure() {
  auto* const easy = easy_.get();
  set(easy, CURLOPT_ERRORBUFFER, error_);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_QUICK_EXIT, 1L);  // a resolver that hangs must not hang us
  set(easy, CURLOPT_URL, request_.url.c_str());
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_PROTOCOLS_STR, request_.url.starts_with("http:") ? "http" : "https");
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_PROXY, request_.proxy.c_str());  // empty: none, whatever the environment says
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!request_.ca_file.empty()) {
    set(easy, CURLOPT_CAINFO, request_.ca_file.c_str());
    set(easy, CURLOPT_CAPATH, nullptr);
  }
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min<milliseconds>(connect_timeout, request_.deadline).count()));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<milliseconds>(milliseconds(1), request_.deadline).count()));
  set(easy, CURLOPT_MAXAGE_CONN, 60L);
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_BUFFERSIZE, 128L << 10);
  set(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  set(easy, CURLOPT_HEADERFUNCTION, &transfer::on_header);
  set(easy, CURLOPT_HEADERDATA, this);
  set(easy, CURLOPT_WRITEFUNCTION, &transfer::on_body);
  set(easy, CURLOPT_WRITEDATA, this);
  if (!request_.user_agent.empty()) set(easy, CURLOPT_USERAGENT, request_.user_agent.c_str());
  set_method();
  set_headers();
}

void transfer::set_method() {
  auto* const easy = easy_.get();
  const auto& method = request_.method;
  if (method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
  } else if (!request_.body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
    // curl writes a request again where a kept connection dies without an answer, POST included. It must rewind the body for that,
    // which we refuse. A body that curl holds itself (POSTFIELDS) could not be refused.
    if (request_.may_repeat) {
      set(easy, CURLOPT_POSTFIELDS, request_.body.data());
    } else {
      set(easy, CURLOPT_READFUNCTION, &transfer::on_upload);
      set(easy, CURLOPT_READDATA, this);
      set(easy, CURLOPT_SEEKFUNCTION, &transfer::on_rewind);
      set(easy, CURLOPT_SEEKDATA, this);
    }
  } else if (method == "GET") {
    set(easy, CURLOPT_HTTPGET, 1L);
  } else {
    set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
  }
  // Without a body there is nothing to rewind; on a new connection curl never repeats.
  if (!request_.may_repeat && request_.body.empty()) set(easy, CURLOPT_FRESH_CONNECT, 1L);
}

void transfer::set_headers() {
  bool has_type = false;
  for (const auto& [name, value] : request_.headers) {
    if (value.empty()) {
      headers_ = curl_slist_append(headers_, (name + ";").c_str());
    } else {
      headers_ = curl_slist_append(headers_, (name + ": " + value).c_str());
    }
    has_type |= ascii_lower(name) == "content-type";
  }
  headers_ = curl_slist_append(headers_, "Expect:");
  if (!has_type) headers_ = curl_slist_append(headers_, "Content-Type:");
  set(easy_.get(), CURLOPT_HTTPHEADER, headers_);
}

std::size_t transfer::on_upload(char* buffer, std::size_t size, std::size_t count, void* data) {
  auto& self = *static_cast<transfer*>(data);
  const auto taken = std::min(size * count, self.request_.body.size() - self.uploaded_);
  std::memcpy(buffer, self.request_.body.data() + self.uploaded_, taken);
  self.uploaded_ += taken;
  return taken;
}

int transfer::on_rewind(void* data, curl_off_t, int) {
  static_cast<transfer*>(data)->rewind_refused_ = true;
  return CURL_SEEKFUNC_FAIL;
}

std::size_t transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<transfer*>(self)->take_header({data, size * count}) ? size * count : 0;
}

bool transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > max_header_bytes) {
    too_large_ = true;
    return false;
  }
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (headers_complete_) return true;  // trailers
  if (line.starts_with("HTTP/")) {
    answer_.headers.clear();
    const auto blank = line.find(' ');
    answer_.status = blank == std::string_view::npos ? 0 : std::atoi(std::string(line.substr(blank + 1, 3)).c_str());
  } else if (line.empty()) {
    // A proxy's answer to CONNECT and 1xx come before the real one.
    long connect = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &connect);
    headers_complete_ = answer_.status >= 200 && connect == answer_.status;
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    answer_.headers.emplace_back(ascii_lower(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1))));
  }
  return true;
}

std::size_t transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& mine = *static_cast<transfer*>(self);
  const auto bytes = size * count;
  if (mine.answer_.body.size() + bytes > mine.request_.max_response_bytes) {
    mine.too_large_ = true;
    return 0;
  }
  mine.answer_.body.append(data, bytes);
  return bytes;
}

/// Whether any byte of the request was given to the connection, of this try or an earlier one of curl's.
bool transfer::left() const {
  long request_bytes = 0;
  curl_off_t body_bytes = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &request_bytes);
  curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_UPLOAD_T, &body_bytes);
  return request_bytes > 0 || body_bytes > 0 || rewind_refused_;
}

transport_result transfer::outcome_of(CURLcode code) const {
  // curl is content with headers that break off where the connection is closed in an orderly way.
  if (code == CURLE_OK) return headers_complete_ ? transport_result::ok : transport_result::sent_no_answer;
  if (too_large_ || code == CURLE_FILESIZE_EXCEEDED) return transport_result::too_large;
  if (headers_complete_) return transport_result::truncated;
  return left() ? transport_result::sent_no_answer : transport_result::not_sent;
}

void transfer::note_times() {
  curl_off_t connect = 0, resolved = 0, ready = 0, total = 0;
  long opened = 0;
  auto* const easy = easy_.get();
  curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connect);
  curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved);
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
  curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &total);
  curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &opened);
  const auto after_start = [this](curl_off_t us) { return started_at_ + duration_cast<milliseconds>(microseconds(us)); };
  if (answer_.outcome != transport_result::not_sent) answer_.sent_at = after_start(ready);
  if (answer_.status != 0) answer_.received_at = after_start(total);
  if (opened == 1 && request_.proxy.empty() && connect > resolved) answer_.connect_time = microseconds(connect - resolved);
  answer_.never_connected = answer_.outcome == transport_result::not_sent && ready == 0;
}

void transfer::finish(CURLcode code) {
  answer_.outcome = outcome_of(code);
  note_times();
  if (code == CURLE_OK && answer_.outcome != transport_result::ok) answer_.error = "the connection was closed before the end of the headers";
  if (code != CURLE_OK) {
    answer_.error = curl_easy_strerror(code);
    if (too_large_) {
      answer_.error = "the answer is larger than " + std::to_string(request_.max_response_bytes) + " bytes";
    } else if (rewind_refused_) {
      answer_.error = "the connection, kept open from an earlier request, broke before an answer came";
    } else if (error_[0] != '\0') {
      answer_.error += ": " + std::string(error_);
    }
    std::replace_if(answer_.error.begin(), answer_.error.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    // A certificate does not get better within seconds.
    if (code != CURLE_COULDNT_CONNECT && code != CURLE_COULDNT_RESOLVE_HOST && code != CURLE_COULDNT_RESOLVE_PROXY) answer_.never_connected = false;
  }
  if (answer_.outcome == transport_result::too_large) answer_.body.clear();
  if (answer_.outcome == transport_result::sent_no_answer || answer_.outcome == transport_result::not_sent) {
    answer_.status = 0;
    answer_.headers.clear();
    answer_.received_at.reset();
  }
  done_(std::move(answer_));
}

void transfer::abandon(std::string_view why) {
  answer_.outcome = left() ? (headers_complete_ ? transport_result::truncated : transport_result::sent_no_answer) : transport_result::not_sent;
  note_times();
  answer_.never_connected = false;
  answer_.error = why;
  done_(std::move(answer_));
}

}  // namespace leadsync

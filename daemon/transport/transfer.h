#pragma once

#include "transport/http_client.h"

#include <curl/curl.h>

#include <functional>

namespace leadsync {

struct easy_deleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using easy_handle = std::unique_ptr<CURL, easy_deleter>;

/// One request on one easy handle. Decides what a failure means for the request: whether it may have been carried out.
class transfer {
 public:
  transfer(easy_handle easy, http_request request, std::function<void(http_answer)> done);
  ~transfer();
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  /// After curl has finished with the handle.
  void finish(CURLcode code);
  /// Before it has: the process stops.
  void abandon(std::string_view why);
  [[nodiscard]] easy_handle release() { return std::move(easy_); }

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_upload(char* buffer, std::size_t size, std::size_t count, void* self);
  static int on_rewind(void* self, curl_off_t offset, int origin);

  bool take_header(std::string_view line);
  void configure();
  void set_method();
  void set_headers();
  [[nodiscard]] bool left() const;
  [[nodiscard]] transport_result outcome_of(CURLcode code) const;
  void note_times();

  easy_handle easy_;
  http_request request_;
  http_answer answer_;
  std::function<void(http_answer)> done_;
  curl_slist* headers_ = nullptr;
  char error_[CURL_ERROR_SIZE] = "";
  instant started_at_ = now();
  std::size_t uploaded_ = 0, header_bytes_ = 0;
  bool headers_complete_ = false, too_large_ = false, rewind_refused_ = false;
};

}  // namespace leadsync

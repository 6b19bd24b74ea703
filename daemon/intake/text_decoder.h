#pragma once

#include <string>
#include <string_view>

namespace leadsync {

/// Bytes of a file to UTF-8: by its byte order mark, else UTF-16 where every other byte is 0, else UTF-8, else windows-1252. Pure ASCII
/// decides nothing; the first piece that has other bytes does. In UTF-8, malformed sequences are handed on for the reader to scrub.
class text_decoder {
 public:
  /// Appends to `out`. A character may be cut between pieces.
  void feed(std::string_view bytes, std::string& out);
  void finish(std::string& out);

 private:
  enum class encoding { unseen, ascii_so_far, utf8, utf16_le, utf16_be, windows_1252 };

  void detect(std::string_view& bytes);
  void decode(std::string_view bytes, std::string& out);
  void decode_utf16(std::string_view bytes, std::string& out);

  encoding encoding_ = encoding::unseen;
  std::string held_;  ///< the first bytes until they can be judged; a cut code unit of UTF-16
  char32_t high_surrogate_ = 0;
};

}  // namespace leadsync

#pragma once

#include <string>

namespace leadsync::test {

struct certificate {
  std::string certificate_pem, key_pem;
};

[[nodiscard]] certificate make_authority();
/// `subject` is a subject alternative name: "IP:127.0.0.1", "DNS:api.acme.test". `ends_in_days` below 0: expired.
[[nodiscard]] certificate issue(const certificate& authority, const std::string& subject, int ends_in_days = 10);
/// A file in the temporary folder, removed with the test process's folder by whoever cleans it.
[[nodiscard]] std::string write_temporary(const std::string& text);

}  // namespace leadsync::test

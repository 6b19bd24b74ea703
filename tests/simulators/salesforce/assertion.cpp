#include "salesforce/assertion.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

namespace leadsync::simulator::salesforce {
namespace {

struct freed {
  void operator()(BIO* of) const { BIO_free(of); }
  void operator()(EVP_PKEY* of) const { EVP_PKEY_free(of); }
  void operator()(EVP_MD_CTX* of) const { EVP_MD_CTX_free(of); }
};

std::string decoded(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == alphabet.npos) return {};
    held = held << 6 | std::uint32_t(value);
    if ((bits += 6) >= 8) out += static_cast<char>(held >> (bits -= 8) & 255);
  }
  return out;
}

bool is_signed_by(std::string_view text, const std::string& signature, const std::string& public_key) {
  const std::unique_ptr<BIO, freed> in(BIO_new_mem_buf(public_key.data(), int(public_key.size())));
  const std::unique_ptr<EVP_PKEY, freed> key(PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr));
  const std::unique_ptr<EVP_MD_CTX, freed> context(EVP_MD_CTX_new());
  return key && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

}  // namespace

std::string_view assertion_refusal(const sessions& app, std::string_view token, instant now) {
  const auto first = token.find('.'), second = token.rfind('.');
  if (first == token.npos || first == second) return "invalid assertion";
  boost::system::error_code failure;
  const auto parsed = json::parse(decoded(token.substr(first + 1, second - first - 1)), failure);
  if (failure || !parsed.is_object()) return "invalid assertion";
  const auto& claims = parsed.get_object();
  const auto is = [&](std::string_view name, std::string_view value) {
    const auto* found = claims.if_contains(name);
    return found && found->is_string() && found->get_string() == value;
  };
  if (!is("iss", app.client_id)) return "client identifier invalid";
  if (app.public_key.empty() || !is_signed_by(token.substr(0, second), decoded(token.substr(second + 1)), app.public_key)) return "invalid assertion";
  if (!is("aud", "https://login.salesforce.com") && !is("aud", "https://test.salesforce.com")) return "audience is invalid";
  const auto* end = claims.if_contains("exp");
  const auto seconds = to_millis(now) / 1000;
  if (!end || !end->is_int64() || end->get_int64() < seconds || end->get_int64() > seconds + 300) return "assertion expired";
  if (!is("sub", app.username)) return "user hasn't approved this consumer";
  return {};
}

}  // namespace leadsync::simulator::salesforce

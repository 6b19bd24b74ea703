#include "transport/json_web_token.h"

#include <boost/json.hpp>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <chrono>
#include <memory>

namespace leadsync {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::chrono::seconds lifetime{180};

std::string encode_base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += alphabet[held >> (bits - 6) & 63];
  }
  if (bits > 0) out += alphabet[held << (6 - bits) & 63];
  return out;
}

struct freed {
  void operator()(BIO* of) const { BIO_free(of); }
  void operator()(EVP_PKEY* of) const { EVP_PKEY_free(of); }
  void operator()(EVP_MD_CTX* of) const { EVP_MD_CTX_free(of); }
};

result<std::string> sign(std::string_view text, const secret& private_key) {
  const auto& pem = private_key.reveal();
  const std::unique_ptr<BIO, freed> in(BIO_new_mem_buf(pem.data(), int(pem.size())));
  // No password is asked for on a terminal.
  const std::unique_ptr<EVP_PKEY, freed> key(PEM_read_bio_PrivateKey(in.get(), nullptr, [](char*, int, int, void*) { return 0; }, nullptr));
  if (!key || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA)
    return make_error(errc::invalid_input, "the private key is no RSA key in PEM without a password (-----BEGIN PRIVATE KEY-----)");
  const std::unique_ptr<EVP_MD_CTX, freed> context(EVP_MD_CTX_new());
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  std::string signature;
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) == 1) {
    signature.resize(size);
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data, text.size()) == 1) {
      signature.resize(size);
      return signature;
    }
  }
  return make_error(errc::unavailable, "OpenSSL does not sign with the private key");
}

}  // namespace

result<std::string> decode_base64url(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == alphabet.npos) return make_error(errc::invalid_input, "no base64url");
    held = held << 6 | std::uint32_t(value);
    if ((bits += 6) >= 8) out += static_cast<char>(held >> (bits -= 8) & 255);
  }
  return out;
}

result<std::string> sign_token(std::string_view claims_json, const secret& private_key, instant now) {
  boost::system::error_code failure;
  auto claims = boost::json::parse(claims_json, failure);
  if (failure || !claims.is_object()) return make_error(errc::invalid_input, "the claims of a {{jwt:...}} are no JSON object");
  const auto seconds = to_millis(now) / 1000;
  if (!claims.get_object().contains("iat")) claims.get_object()["iat"] = seconds;
  if (!claims.get_object().contains("exp")) claims.get_object()["exp"] = seconds + lifetime.count();
  const auto text = encode_base64url(R"({"alg":"RS256","typ":"JWT"})") + "." + encode_base64url(boost::json::serialize(claims));
  auto signature = sign(text, private_key);
  if (!signature) return signature.error();
  return text + "." + encode_base64url(*signature);
}

}  // namespace leadsync

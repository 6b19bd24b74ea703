#include "tests/unit/transport/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <unistd.h>

namespace leadsync::test {

namespace {

struct deleter {
  void operator()(X509* it) const { X509_free(it); }
  void operator()(EVP_PKEY* it) const { EVP_PKEY_free(it); }
  void operator()(BIO* it) const { BIO_free(it); }
  void operator()(X509_EXTENSION* it) const { X509_EXTENSION_free(it); }
};
template <class T>
using owned = std::unique_ptr<T, deleter>;

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* to, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  const owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  if (!extension) throw std::runtime_error("extension " + value);
  X509_add_ext(to, extension.get(), -1);
}

owned<X509> read_certificate(const std::string& pem) {
  const owned<BIO> memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return owned<X509>(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
}

owned<EVP_PKEY> read_key(const std::string& pem) {
  const owned<BIO> memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return owned<EVP_PKEY>(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
}

certificate make(const certificate* authority, const std::string& subject, int ends_in_days) {
  const owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const owned<X509> made(X509_new());
  X509_set_version(made.get(), 2);
  static long serial = 1;
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -30L * 86400);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), ends_in_days * 86400L);
  X509_set_pubkey(made.get(), key.get());
  auto* const name = X509_get_subject_name(made.get());
  const std::string common = authority ? "leaf" : "test authority " + std::to_string(serial);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0);
  if (authority) {
    const auto issuer = read_certificate(authority->certificate_pem);
    const auto issuer_key = read_key(authority->key_pem);
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
    add_extension(made.get(), issuer.get(), NID_subject_alt_name, subject);
    X509_sign(made.get(), issuer_key.get(), EVP_sha256());
  } else {
    X509_set_issuer_name(made.get(), name);
    add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(made.get(), key.get(), EVP_sha256());
  }
  certificate out;
  const owned<BIO> memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(memory.get(), made.get());
  out.certificate_pem = text_of(memory.get());
  const owned<BIO> key_memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(key_memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  out.key_pem = text_of(key_memory.get());
  return out;
}

}  // namespace

certificate make_authority() { return make(nullptr, "", 365); }

certificate issue(const certificate& authority, const std::string& subject, int ends_in_days) { return make(&authority, subject, ends_in_days); }

std::string write_temporary(const std::string& text) {
  char path[] = "/tmp/leadsync-test-XXXXXX";
  const int file = mkstemp(path);
  if (file < 0 || write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size())) throw std::runtime_error("cannot write a temporary file");
  close(file);
  return path;
}

}  // namespace leadsync::test

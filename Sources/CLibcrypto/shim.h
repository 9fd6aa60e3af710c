// OpenSSL's libcrypto, loaded when the first hash is computed: linking it would cost every start of
// a program that may never hash anything.
#include <dlfcn.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stddef.h>

struct apus_crypto {
  void *digest;
  void *hmac;
  // The algorithms, in the order of `Libcrypto.Algorithm`.
  const EVP_MD *algorithms[4];
};

// Loads the library; false if it, or a function of it, is not there. It is never unloaded.
static inline _Bool apus_crypto_load(struct apus_crypto *crypto) {
  static const char *const names[] = {"EVP_md5", "EVP_sha1", "EVP_sha256", "EVP_sha512"};
  void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
  if (!(crypto->digest = dlsym(library, "EVP_Digest"))) return 0;
  if (!(crypto->hmac = dlsym(library, "HMAC"))) return 0;
  for (int index = 0; index < 4; index++) {
    void *algorithm = dlsym(library, names[index]);
    if (!algorithm) return 0;
    crypto->algorithms[index] = ((__typeof__(EVP_md5) *)algorithm)();
  }
  return 1;
}

// Hashes bytes into `output`, room for 64 bytes; gives the length of the hash, 0 on failure.
static inline unsigned apus_crypto_digest(
    const struct apus_crypto *crypto, int algorithm, const void *bytes, size_t count,
    unsigned char *output) {
  unsigned length = 0;
  int ok = ((__typeof__(EVP_Digest) *)crypto->digest)(
      bytes, count, output, &length, crypto->algorithms[algorithm], NULL);
  return ok ? length : 0;
}

// Hashes bytes with a key into `output`, room for 64 bytes; gives the length, 0 on failure.
static inline unsigned apus_crypto_hmac(
    const struct apus_crypto *crypto, int algorithm, const void *key, int key_count,
    const void *bytes, size_t count, unsigned char *output) {
  unsigned length = 0;
  void *ok = ((__typeof__(HMAC) *)crypto->hmac)(
      crypto->algorithms[algorithm], key, key_count, bytes, count, output, &length);
  return ok ? length : 0;
}

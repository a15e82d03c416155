#pragma once

#include <string>

namespace vidi::testing {

// Keys and certificates made by the openssl program, in a temporary directory. Each has a name,
// from which those of its files follow: name.pem and name.key.
class openssl_files
{
public:
    openssl_files();
    ~openssl_files();
    openssl_files(openssl_files const&) = delete;
    openssl_files& operator=(openssl_files const&) = delete;

    // The issuer is the name of another one; empty for what vouches for itself.
    // @throws std::runtime_error With what openssl said.
    void make_authority(std::string const& name, std::string const& issuer = {});

    // A certificate for 127.0.0.1 and localhost.
    void make_certificate(std::string const& name, std::string const& issuer);

    // Encrypts the private key.
    void encrypt_key(std::string const& name, std::string const& password);

    // The pin of a certificate's public key, made as curl's manual says.
    std::string pin(std::string const& name);

    std::string certificate_file(std::string const& name) const;
    std::string private_key_file(std::string const& name) const;
    std::string certificate(std::string const& name) const;
    std::string private_key(std::string const& name) const;

    // A file with the certificates of several, in their order.
    std::string bundle(std::string const& first, std::string const& second);

private:
    void
    make(std::string const& name, std::string const& issuer, std::string const& extensions) const;
    void run(std::string const& command) const;

    std::string directory_;
};

} // namespace vidi::testing

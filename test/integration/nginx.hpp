#pragma once

#include "server_process.hpp"

#include <cstdint>
#include <string>

namespace vidi::testing {

// An nginx of this machine as an HTTPS server on loopback, with a certificate of its own. All its
// files are in a temporary directory.
class nginx
{
public:
    // Whether there is an nginx to run.
    static bool is_installed();

    // PEM files, of which the first may hold a chain. By default, what is made for each nginx.
    struct identity
    {
        std::string certificate_file = "server.pem";
        std::string private_key_file = "server.key";
    };

    // `http` and `server` are further directives for the blocks of those names. Returns when it
    // serves.
    // @throws std::runtime_error With what nginx said.
    explicit nginx(std::string const& server, std::string const& http = {})
        : nginx{server, http, identity{}}
    {
    }
    nginx(std::string const& server, std::string const& http, identity const& shown);

    // Whether it has the module for what follows.
    static bool can_stream();

    // Where it passes on what it receives, without TLS.
    struct stream_to
    {
        std::uint16_t port;
        std::string directives;
    };

    // Not an HTTPS server: it takes off the TLS and leaves the rest to another one on loopback.
    nginx(stream_to const& other, identity const& shown);

    std::uint16_t port() const noexcept { return port_; }
    std::string const& ca_certificate_pem() const noexcept { return ca_certificate_pem_; }
    std::string ca_certificate_file() const { return process_.directory() + "/ca.pem"; }

    // Replaces the process that serves. The old one closes its idle connections and ends; returns
    // when it has.
    void reload();

private:
    void make_certificates();
    std::string listen_directives(identity const& shown) const;
    void start(int listener, std::string const& main, std::string const& block);

    server_process process_{"nginx"};
    std::string ca_certificate_pem_;
    std::uint16_t port_ = 0;
};

} // namespace vidi::testing

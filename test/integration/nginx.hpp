#pragma once

#include <sys/types.h>

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
    ~nginx();

    nginx(nginx const&) = delete;
    nginx& operator=(nginx const&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    std::string const& ca_certificate_pem() const noexcept { return ca_certificate_pem_; }
    std::string ca_certificate_file() const { return directory_ + "/ca.pem"; }

    // Replaces the process that serves. The old one closes its idle connections and ends; returns
    // when it has.
    void reload();

private:
    void make_certificates();
    void
    write_configuration(std::string const& server, std::string const& http, identity const& shown);
    int listen();
    void start(int listener);
    void wait_for(std::string const& text);
    void end() noexcept;

    std::string directory_;
    std::string ca_certificate_pem_;
    std::uint16_t port_ = 0;
    pid_t process_ = -1;
    // What nginx says on its standard error, and the part of it that was not yet waited for.
    int messages_ = -1;
    std::string unread_;
};

} // namespace vidi::testing

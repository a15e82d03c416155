#include "nginx.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace vidi::testing {
namespace {

constexpr char stream_module[] = "/usr/lib/nginx/modules/ngx_stream_module.so";

std::string read_file(std::string const& name)
{
    std::ifstream file{name, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace

bool nginx::is_installed() { return !find_program("nginx").empty(); }

bool nginx::can_stream() { return is_installed() && std::filesystem::exists(stream_module); }

// nginx takes over a listening socket, as it does when its program is replaced by a newer one. So
// the system can choose the port.
nginx::nginx(std::string const& server, std::string const& http, identity const& shown)
{
    make_certificates();
    auto const [listener, port] = listen_on_loopback();
    port_ = port;
    std::string block = "http {\naccess_log off;\n";
    for (std::string const kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        block += kind + "_temp_path " + kind + ";\n";
    block += "types { application/json json; text/html html; }\n" + http + "server {\n" +
             listen_directives(shown) + server + "}\n}\n";
    start(listener, {}, block);
}

nginx::nginx(stream_to const& other, identity const& shown)
{
    make_certificates();
    auto const [listener, port] = listen_on_loopback();
    port_ = port;
    start(
        listener, "load_module " + std::string{stream_module} + ";\n",
        "stream {\nserver {\n" + listen_directives(shown) + "proxy_pass 127.0.0.1:" +
            std::to_string(other.port) + ";\n" + other.directives + "}\n}\n");
}

void nginx::make_certificates()
{
    auto const& directory = process_.directory();
    std::string const key = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2";
    std::string const command =
        "cd '" + directory + "' && exec 2>openssl.log && openssl req -x509" + key +
        " -subj '/CN=Test authority' -keyout ca.key -out ca.pem && openssl req -x509" + key +
        " -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -CA ca.pem -CAkey ca.key"
        " -keyout server.key -out server.pem";
    if (std::system(command.c_str()) != 0) // NOLINT(concurrency-mt-unsafe): no thread yet
        throw std::runtime_error{"openssl: " + read_file(directory + "/openssl.log")};
    ca_certificate_pem_ = read_file(directory + "/ca.pem");
}

std::string nginx::listen_directives(identity const& shown) const
{
    return "listen 127.0.0.1:" + std::to_string(port_) + " ssl;\nssl_certificate " +
           shown.certificate_file + ";\nssl_certificate_key " + shown.private_key_file + ";\n";
}

void nginx::start(int listener, std::string const& main, std::string const& block)
{
    std::ofstream file{process_.directory() + "/nginx.conf"};
    // As root, nginx would serve as somebody who may not read the files.
    if (::geteuid() == 0)
        file << "user root root;\n";
    file << "daemon off;\n"
            "worker_processes 1;\n"
            "pid nginx.pid;\n"
            "error_log stderr notice;\n"
         << main << "events { worker_connections 256; }\n"
         << block;
    file.close();
    if (!file)
        throw std::runtime_error{"nginx.conf cannot be written"};
    process_.start(
        {"-p", process_.directory() + '/', "-c", process_.directory() + "/nginx.conf", "-e",
         "stderr"},
        {"NGINX", std::to_string(listener) + ';'}, listener);
    ::close(listener);
    process_.wait_for("start worker process ");
}

void nginx::reload()
{
    process_.signal(SIGHUP);
    process_.wait_for(" exited with code 0");
}

} // namespace vidi::testing

#include "openssl_files.hpp"

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace vidi::testing {
namespace {

namespace fs = std::filesystem;

std::string read_file(std::string const& name)
{
    std::ifstream file{name, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace

openssl_files::openssl_files()
    : directory_{(fs::temp_directory_path() / "vidi-openssl-XXXXXX").string()}
{
    if (!::mkdtemp(directory_.data()))
        throw std::runtime_error{"mkdtemp"};
}

openssl_files::~openssl_files()
{
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
}

void openssl_files::run(std::string const& command) const
{
    auto const whole = "cd '" + directory_ + "' && exec 2>openssl.log && " + command;
    if (std::system(whole.c_str()) != 0) // NOLINT(concurrency-mt-unsafe): no thread yet
        throw std::runtime_error{"openssl: " + read_file(directory_ + "/openssl.log")};
}

void openssl_files::make(
    std::string const& name, std::string const& issuer, std::string const& extensions) const
{
    auto command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                   " -subj '/CN=" +
                   name + "' -keyout " + name + ".key -out " + name + ".pem" + extensions;
    if (!issuer.empty())
        command += " -CA " + issuer + ".pem -CAkey " + issuer + ".key";
    run(command);
}

void openssl_files::make_authority(std::string const& name, std::string const& issuer)
{
    make(name, issuer, "");
}

void openssl_files::make_certificate(std::string const& name, std::string const& issuer)
{
    make(
        name, issuer,
        " -addext basicConstraints=critical,CA:FALSE"
        " -addext subjectAltName=IP:127.0.0.1,DNS:localhost");
}

void openssl_files::encrypt_key(std::string const& name, std::string const& password)
{
    std::ofstream{directory_ + "/password"} << password << '\n';
    run("openssl pkey -in " + name +
        ".key -aes128 -passout file:password -out new && "
        "mv new " +
        name + ".key");
}

std::string openssl_files::pin(std::string const& name)
{
    run("openssl x509 -in " + name +
        ".pem -pubkey -noout | openssl pkey -pubin -outform der |"
        " openssl dgst -sha256 -binary | openssl enc -base64 -A >pin");
    return read_file(directory_ + "/pin");
}

std::string openssl_files::certificate_file(std::string const& name) const
{
    return directory_ + '/' + name + ".pem";
}

std::string openssl_files::private_key_file(std::string const& name) const
{
    return directory_ + '/' + name + ".key";
}

std::string openssl_files::certificate(std::string const& name) const
{
    return read_file(certificate_file(name));
}

std::string openssl_files::private_key(std::string const& name) const
{
    return read_file(private_key_file(name));
}

std::string openssl_files::bundle(std::string const& first, std::string const& second)
{
    auto name = certificate_file(first + '-' + second);
    std::ofstream{name} << certificate(first) << certificate(second);
    return name;
}

} // namespace vidi::testing

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;

/** A client in Java that writes real host names: it puts BODY at URL, and prints the status and the document. */
public class Client {
    public static void main(String[] arguments) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(System.getenv("URL")))
            .PUT(HttpRequest.BodyPublishers.ofString(System.getenv("BODY")));
        Arrays.stream(System.getenv("HEADER_LINES").split("\n"))
            .map(line -> line.split(": ", 2))
            .forEach(header -> request.header(header[0], header[1]));
        var response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        System.out.println(response.statusCode() + " " + response.body());
    }
}

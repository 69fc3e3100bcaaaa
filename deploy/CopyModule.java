import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Copies a module out of another Java runtime: java CopyModule.java JAVA_HOME MODULE FOLDER */
public class CopyModule {
    public static void main(String[] args) throws IOException {
        try (var image = FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", args[0]))) {
            Path module = image.getPath("/modules", args[1]);
            List<Path> files;
            try (var found = Files.walk(module)) {
                files = found.filter(Files::isRegularFile).toList();
            }
            for (Path file : files) {
                String name = module.relativize(file).toString();
                if (!name.equals("module-info.class")) {
                    Path copy = Path.of(args[2], name);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
    }
}

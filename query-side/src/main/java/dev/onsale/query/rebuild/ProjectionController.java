package dev.onsale.query.rebuild;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.Table;
import dev.onsale.query.rebuild.RebuildStatus.Direction;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Projections")
class ProjectionController {

    private final Rebuilds rebuilds;
    private final Generations generations;

    ProjectionController(Rebuilds rebuilds, Generations generations) {
        this.rebuilds = rebuilds;
        this.generations = generations;
    }

    /**
     * A projection.
     *
     * @param generation how often its tables were switched
     * @param canGoBack whether the tables from before the last switch are still there
     * @param rebuild the newest one, if there was any
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            String name,
            List<String> tables,
            long generation,
            boolean canGoBack,
            @Nullable RebuildStatus rebuild) {}

    @GetMapping("/api/admin/projections")
    @Operation(summary = "All projections with the progress of their newest rebuild")
    List<View> projections() {
        return rebuilds.projections().stream().map(this::view).toList();
    }

    @GetMapping("/api/admin/projections/{name}")
    @Operation(summary = "One projection")
    View projection(@PathVariable String name) {
        return view(rebuilds.projection(name));
    }

    @PostMapping("/api/admin/projections/{name}/rebuild")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Rebuild a projection from the event store while the old tables answer",
            description = "With switch=false the new tables wait until they are ordered to take their place.")
    View rebuild(@PathVariable String name, @RequestParam(name = "switch", defaultValue = "true") boolean switchAfter) {
        rebuilds.begin(name, Direction.FORWARD, switchAfter);
        return projection(name);
    }

    @PostMapping("/api/admin/projections/{name}/switch")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Switch to the rebuilt tables")
    View order(@PathVariable String name) {
        rebuilds.order(name);
        return projection(name);
    }

    @PostMapping("/api/admin/projections/{name}/back")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Return to the tables from before the last switch, brought up to date")
    View back(@PathVariable String name) {
        rebuilds.begin(name, Direction.BACK, true);
        return projection(name);
    }

    @DeleteMapping("/api/admin/projections/{name}/rebuild")
    @Operation(summary = "Cancel a rebuild that has not been switched")
    View cancel(@PathVariable String name) {
        rebuilds.cancel(name);
        return projection(name);
    }

    private View view(ReadModel<?> projection) {
        return new View(
                projection.name(),
                projection.tables().stream().map(Table::name).toList(),
                generations.of(projection.name()),
                rebuilds.canGoBack(projection),
                rebuilds.status(projection));
    }
}

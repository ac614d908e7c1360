package dev.onsale.query.hall;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** The seating plan of one performance as JSON. */
@Entity
@Immutable
@Table(name = "performance_plan")
class PlanRow {

    @Id
    @Column(name = "performance_id")
    private String performanceId;

    @Column(name = "plan")
    private byte[] plan;

    @SuppressWarnings("UnusedVariable") // Written by the declaration of the table.
    @Column(name = "log_position")
    private long position;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected PlanRow() {}

    PlanRow(String performanceId, byte[] plan, long position) {
        this.performanceId = performanceId;
        this.plan = plan;
        this.position = position;
    }

    String performanceId() {
        return performanceId;
    }

    byte[] plan() {
        return plan;
    }
}

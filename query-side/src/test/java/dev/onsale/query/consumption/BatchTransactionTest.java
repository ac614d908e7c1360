package dev.onsale.query.consumption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.onsale.query.rebuild.Generations;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.SimpleTransactionStatus;

class BatchTransactionTest {

    /** With less, a consumer that stalls between two tables counts again what its successor has counted. */
    @Test
    void a_batch_reads_all_its_rows_as_of_one_moment_whatever_the_server_s_default() {
        PlatformTransactionManager transactions = mock(PlatformTransactionManager.class);
        when(transactions.getTransaction(any())).thenReturn(new SimpleTransactionStatus());
        new BatchTransaction(
                        List.of(),
                        transactions,
                        mock(JdbcOperations.class),
                        mock(Generations.class),
                        mock(ConsumptionMetrics.class))
                .apply(List.of());
        ArgumentCaptor<TransactionDefinition> begun = ArgumentCaptor.forClass(TransactionDefinition.class);
        verify(transactions).getTransaction(begun.capture());
        assertThat(begun.getValue().getIsolationLevel()).isEqualTo(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }
}
